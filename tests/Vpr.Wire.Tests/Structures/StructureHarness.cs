using Vpr.Fuzz;

namespace Vpr.Wire.Tests.Structures;

/// <summary>A structure whose type is known at run time alone.</summary>
internal abstract class StructureHarness
{
    /// <summary>The harness of a structure.</summary>
    public static StructureHarness For(Type type) => (StructureHarness)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(type))!;

    /// <summary>Parses; false and 0 bytes where it fails.</summary>
    public abstract bool TryParse(ReadOnlySpan<byte> source, out int consumed);

    /// <summary>Parses, writes and parses again with all checks of the fuzzer; returns what was written.</summary>
    public abstract byte[] Rewrite(ReadOnlySpan<byte> source);

    /// <summary>Parses, and writes into a destination of the given length.</summary>
    public abstract void WriteInto(ReadOnlySpan<byte> source, byte[] destination);

    private sealed class Typed<T> : StructureHarness
        where T : struct, IWireFormat<T>, allows ref struct
    {
        public override bool TryParse(ReadOnlySpan<byte> source, out int consumed) => T.TryParse(source, out _, out consumed);

        public override byte[] Rewrite(ReadOnlySpan<byte> source)
        {
            Assert.True(T.TryParse(source, out T value, out _));
            return RoundTrip.Rewrite(in value).ToArray();
        }

        public override void WriteInto(ReadOnlySpan<byte> source, byte[] destination)
        {
            Assert.True(T.TryParse(source, out T value, out _));
            value.Write(destination);
        }
    }
}
