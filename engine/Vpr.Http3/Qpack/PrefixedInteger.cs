using System.Buffers;

namespace Vpr.Http3;

/// <summary>Integers that begin in the low bits of an octet whose high bits say something else.</summary>
/// <remarks>RFC 9204 §4.1.1, RFC 7541 §5.1</remarks>
internal static class PrefixedInteger
{
    /// <summary>The largest value that is accepted: 62 bits, as RFC 9204 §4.1.1 requires to be decodable.</summary>
    public const ulong Max = (1UL << 62) - 1;

    /// <summary>The longest encoding that is accepted, in octets: the prefix and 9 groups of 7 bits.</summary>
    public const int MaxLength = 10;

    /// <summary>Reads an integer whose prefix lies in the first octet of <paramref name="source"/>.</summary>
    /// <param name="source">The encoded bytes; the high bits of the first octet are ignored.</param>
    /// <param name="prefixBits">Bits of the prefix, 3 to 8.</param>
    /// <param name="value">The value, at most <see cref="Max"/>.</param>
    /// <param name="consumed">Octets read; 0 unless done.</param>
    /// <returns>Done, NeedMoreData when the source ends too early, InvalidData when the value or its encoding is too long.</returns>
    public static OperationStatus Read(ReadOnlySpan<byte> source, int prefixBits, out ulong value, out int consumed)
    {
        value = 0;
        consumed = 0;
        if (source.IsEmpty) return OperationStatus.NeedMoreData;
        uint mask = (1u << prefixBits) - 1;
        value = source[0] & mask;
        if (value < mask)
        {
            consumed = 1;
            return OperationStatus.Done;
        }

        int shift = 0;
        for (int i = 1; i < source.Length; i++, shift += 7)
        {
            if (i == MaxLength) return OperationStatus.InvalidData;
            value += (ulong)(source[i] & 0x7f) << shift;
            if (value > Max) return OperationStatus.InvalidData;
            if (source[i] >= 0x80) continue;
            consumed = i + 1;
            return OperationStatus.Done;
        }

        return source.Length >= MaxLength ? OperationStatus.InvalidData : OperationStatus.NeedMoreData;
    }

    /// <summary>Writes <paramref name="value"/> behind the high bits in <paramref name="pattern"/>.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes, or as many as the value needs.</param>
    /// <param name="pattern">The first octet's high bits, its prefix bits zero.</param>
    /// <param name="prefixBits">Bits of the prefix, 3 to 8.</param>
    /// <param name="value">At most <see cref="Max"/>.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> destination, byte pattern, int prefixBits, ulong value)
    {
        uint mask = (1u << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | mask);
        value -= mask;
        int written = 1;
        for (; value >= 0x80; value >>= 7) destination[written++] = (byte)(0x80 | (value & 0x7f));
        destination[written++] = (byte)value;
        return written;
    }
}
