namespace Vpr.Fuzz;

/// <summary>An input that made a target fail, with all that is needed to see it again.</summary>
internal sealed class FuzzFailureException(string target, ulong seed, long iteration, byte[] input, Exception inner)
    : Exception($"{target} failed with seed {seed}, iteration {iteration}, input {Convert.ToHexString(input)}: {inner.Message}", inner)
{
    /// <summary>The target.</summary>
    public string Target { get; } = target;

    /// <summary>The run's seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The input's number in the run; -1 for one of the corpus.</summary>
    public long Iteration { get; } = iteration;

    /// <summary>The input.</summary>
    public byte[] Input { get; } = input;
}
