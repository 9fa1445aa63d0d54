using Vpr.Fuzz;
using Vpr.Fuzz.Targets;

namespace Vpr.Wire.Tests;

/// <summary>Hostile input, as much as fits into an ordinary run; the long run is <c>tests/Vpr.Fuzz</c> itself.</summary>
public class FuzzReplayTests
{
    private const ulong Seed = 20_261_122;
    private const long NewInputs = 200_000;

    [Fact]
    public void TheCorpusAndNewInputsBreakNothing()
    {
        var run = new FuzzRun();
        foreach (FuzzTarget target in TargetCatalog.All)
            run.Replay(target);
        long corpus = run.Inputs;
        run.Explore(TargetCatalog.All, NewInputs, Seed);
        Assert.True(corpus >= TargetCatalog.All.Count, $"The corpus has {corpus} inputs for {TargetCatalog.All.Count} targets.");
        Assert.Equal(corpus + NewInputs, run.Inputs);
        // Inputs that nothing can read would prove little.
        Assert.InRange(run.Readable, run.Inputs / 5, run.Inputs);
    }

    [Fact]
    public void EveryTargetHasACorpusThatItCanRead()
    {
        var guard = new InputGuard();
        Assert.All(TargetCatalog.All, target =>
            Assert.Contains(Corpus.Of(target.Name), input => guard.Check(target, input)));
    }

    [Fact]
    public void ATargetsNameNamesItAlone() =>
        Assert.Equal(TargetCatalog.All.Count, TargetCatalog.All.Select(target => target.Name).Distinct().Count());
}
