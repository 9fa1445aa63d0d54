using Vpr.Fuzz.Generation;

namespace Vpr.Fuzz.Targets;

/// <summary>One declared structure.</summary>
internal sealed class StructureTarget<T>() : FuzzTarget(typeof(T).Name)
    where T : struct, IWireFormat<T>, allows ref struct
{
    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input) => RoundTrip.Check<T>(input);

    /// <inheritdoc/>
    public override void Generate(EncodingBuffer output, ref FuzzRandom random) => StructureGenerator.For(typeof(T)).Append(output, ref random);
}
