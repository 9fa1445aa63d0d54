using Vpr.Fuzz.Generation;

namespace Vpr.Fuzz;

/// <summary>Runs inputs through targets.</summary>
internal sealed class FuzzRun
{
    // Longer ones are slow and find nothing that these do not.
    private const int MaxMutatedLength = 2048;

    private readonly InputGuard _guard = new();
    private readonly EncodingBuffer _input = new();
    private readonly EncodingBuffer _other = new();

    /// <summary>Inputs shown so far.</summary>
    public long Inputs { get; private set; }

    /// <summary>Of these, how many a target could read.</summary>
    public long Readable { get; private set; }

    /// <summary>Shows a target its corpus.</summary>
    /// <exception cref="FuzzFailureException">An input failed.</exception>
    public void Replay(FuzzTarget target)
    {
        foreach (byte[] input in Corpus.Of(target.Name))
            Show(target, input, seed: 0, iteration: -1);
    }

    /// <summary>Shows the targets new inputs, in turn.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="count">How many inputs in all.</param>
    /// <param name="seed">Names the run.</param>
    /// <exception cref="FuzzFailureException">An input failed.</exception>
    public void Explore(IReadOnlyList<FuzzTarget> targets, long count, ulong seed)
    {
        byte[][][] corpora = [.. targets.Select(target => Corpus.Of(target.Name))];
        for (long turn = 0, shown = 0; shown < count; turn++)
        {
            int index = (int)(turn % targets.Count);
            if (turn / targets.Count % targets[index].Period != 0)
                continue;
            Make(targets[index], corpora[index], seed, turn);
            Show(targets[index], _input.Written, seed, turn);
            shown++;
        }
    }

    /// <summary>Shows a target one input.</summary>
    /// <exception cref="FuzzFailureException">It failed.</exception>
    public void Show(FuzzTarget target, ReadOnlySpan<byte> input, ulong seed, long iteration)
    {
        Inputs++;
        try
        {
            if (_guard.Check(target, input))
                Readable++;
        }
        catch (Exception failure)
        {
            throw new FuzzFailureException(target.Name, seed, iteration, input.ToArray(), failure);
        }
    }

    private void Make(FuzzTarget target, byte[][] corpus, ulong seed, long iteration)
    {
        FuzzRandom random = FuzzRandom.For(seed, target.Name, iteration);
        Choose(_input, target, corpus, ref random);
        if (random.OneIn(8))
            return;
        Choose(_other, target, corpus, ref random);
        Mutator.Mutate(_input, _other.Written, ref random);
        if (_input.Length > MaxMutatedLength)
            _input.Truncate(MaxMutatedLength);
    }

    private static void Choose(EncodingBuffer buffer, FuzzTarget target, byte[][] corpus, ref FuzzRandom random)
    {
        buffer.Clear();
        if (corpus.Length > 0 && random.OneIn(2))
            buffer.Append(corpus[random.Below(corpus.Length)]);
        else
            target.Generate(buffer, ref random);
    }
}
