using Vpr.Fuzz.Generation;

namespace Vpr.Fuzz;

/// <summary>Something that reads hostile bytes.</summary>
internal abstract class FuzzTarget(string name)
{
    /// <summary>The name on the command line and of the corpus directory.</summary>
    public string Name { get; } = name;

    /// <summary>It gets an input every so many rounds: more than 1 for what costs a handshake each time.</summary>
    public int Period { get; init; } = 1;

    /// <summary>Reads an input and checks what is promised of it.</summary>
    /// <returns>A digest of all that was read, the same for the same bytes wherever they lie; 0 where nothing was.</returns>
    /// <exception cref="FuzzViolationException">A promise was broken.</exception>
    public abstract ulong Check(ReadOnlySpan<byte> input);

    /// <summary>Appends an input that is likely to be well-formed.</summary>
    public abstract void Generate(EncodingBuffer output, ref FuzzRandom random);
}
