using System.Buffers.Binary;
using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Random bits for headers, fetched sixty-four at a time: greasing and skipped packet numbers cost no call for each packet.</summary>
/// <param name="random">Where they come from.</param>
internal struct PacketBits(IRandomSource random)
{
    private ulong _bits;
    private int _left;

    /// <summary>The next <paramref name="count"/> bits, 1 to 16, as a number.</summary>
    public uint Take(int count)
    {
        if (_left < count) Fill();
        uint value = (uint)(_bits & ((1UL << count) - 1));
        _bits >>= count;
        _left -= count;
        return value;
    }

    private void Fill()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        random.FillPublic(bytes);
        _bits = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _left = 64;
    }
}
