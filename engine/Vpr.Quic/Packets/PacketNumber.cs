using System.Numerics;

namespace Vpr.Quic;

/// <summary>Packet numbers on the wire: 1 to 4 low bytes of a 62-bit count.</summary>
/// <remarks>RFC 9000 §17.1, Appendix A.2 and A.3</remarks>
internal static class PacketNumber
{
    /// <summary>The last packet number there is.</summary>
    public const ulong Max = (1UL << 62) - 1;

    /// <summary>The most bytes that a packet number takes.</summary>
    public const int MaxLength = 4;

    /// <summary>How many bytes the peer needs to recover <paramref name="number"/>.</summary>
    /// <param name="number">The packet to be sent.</param>
    /// <param name="largestAcknowledged">The largest number the peer acknowledged in this space, or null for none.</param>
    /// <returns>1 to 4.</returns>
    public static int EncodedLength(ulong number, ulong? largestAcknowledged)
    {
        // A.2: the range of the encoding is more than twice the count of unacknowledged packets.
        ulong unacknowledged = largestAcknowledged is { } largest ? number - largest : number + 1;
        int bits = 64 - BitOperations.LeadingZeroCount(unacknowledged - 1) + 1;
        return Math.Clamp((bits + 7) / 8, 1, MaxLength);
    }

    /// <summary>Writes the low <paramref name="length"/> bytes (1 to 4) of <paramref name="number"/>.</summary>
    public static void Write(Span<byte> destination, ulong number, int length)
    {
        for (int i = length - 1; i >= 0; i--)
        {
            destination[i] = unchecked((byte)number);
            number >>= 8;
        }
    }

    /// <summary>The full number closest to the one that is expected.</summary>
    /// <param name="expected">The largest number received in this space plus one, or 0.</param>
    /// <param name="truncated">The bytes of the packet.</param>
    /// <param name="length">How many bytes, 1 to 4.</param>
    public static ulong Decode(ulong expected, uint truncated, int length)
    {
        ulong window = 1UL << (length * 8);
        ulong half = window / 2;
        ulong candidate = (expected & ~(window - 1)) | truncated;
        // A.3, with the comparisons arranged so that neither side underflows.
        if (candidate + half <= expected && candidate < (1UL << 62) - window) return candidate + window;
        if (candidate > expected + half && candidate >= window) return candidate - window;
        return candidate;
    }
}
