using Vpr.Fuzz.Generation;

namespace Vpr.Fuzz.Targets;

/// <summary>Hand-written code that reads an input: returns a digest, 0 where it read nothing.</summary>
internal delegate ulong Reader(ReadOnlySpan<byte> input);

/// <summary>Appends an input that is likely to be well-formed.</summary>
internal delegate void Maker(EncodingBuffer output, ref FuzzRandom random);

/// <summary>One hand-written reader.</summary>
internal sealed class ReaderTarget(string name, Reader read, Maker make) : FuzzTarget(name)
{
    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input) => read(input);

    /// <inheritdoc/>
    public override void Generate(EncodingBuffer output, ref FuzzRandom random) => make(output, ref random);
}
