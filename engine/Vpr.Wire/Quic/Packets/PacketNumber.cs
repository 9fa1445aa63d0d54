namespace Vpr.Wire.Quic;

/// <summary>Packet numbers are sent by their low 1 to 4 bytes and completed from what the receiver has seen.</summary>
/// <remarks>RFC 9000 §17.1, appendix A.2 and A.3</remarks>
public static class PacketNumber
{
    /// <summary>How many bytes a packet number needs so that a receiver can complete it.</summary>
    /// <param name="packetNumber">The packet number to send.</param>
    /// <param name="largestAcknowledged">The highest one the peer has acknowledged in this space; null before the first.</param>
    /// <returns>1 to 4.</returns>
    public static int Length(ulong packetNumber, ulong? largestAcknowledged)
    {
        // The window has to hold twice the packets in flight: one bit more than their number.
        ulong unacknowledged = largestAcknowledged is { } largest ? packetNumber - largest : packetNumber + 1;
        return unacknowledged switch
        {
            <= 1UL << 7 => 1,
            <= 1UL << 15 => 2,
            <= 1UL << 23 => 3,
            _ => 4,
        };
    }

    /// <summary>Completes a packet number.</summary>
    /// <param name="truncated">The number on the wire.</param>
    /// <param name="length">Its length, 1 to 4 bytes.</param>
    /// <param name="largestReceived">The highest packet number opened so far in this space; null before the first.</param>
    /// <returns>The packet number nearest to the one that is expected next.</returns>
    public static ulong Decode(uint truncated, int length, ulong? largestReceived)
    {
        ulong expected = largestReceived is { } largest ? largest + 1 : 0;
        ulong window = 1UL << (8 * length);
        ulong half = window / 2;
        ulong candidate = (expected & ~(window - 1)) | truncated;
        if (candidate + half <= expected && candidate < (1UL << 62) - window)
            return candidate + window;
        if (candidate > expected + half && candidate >= window)
            return candidate - window;
        return candidate;
    }

    /// <summary>Reads a packet number's bytes.</summary>
    /// <param name="source">At least <paramref name="length"/> bytes.</param>
    /// <param name="length">1 to 4 bytes.</param>
    public static uint Read(ReadOnlySpan<byte> source, int length)
    {
        uint value = 0;
        foreach (byte octet in source[..length])
            value = value << 8 | octet;
        return value;
    }

    /// <summary>Writes a packet number's low bytes.</summary>
    /// <param name="destination">Room for <paramref name="length"/> bytes.</param>
    /// <param name="packetNumber">The packet number.</param>
    /// <param name="length">1 to 4 bytes.</param>
    /// <exception cref="ArgumentException">The destination is too small or the length not 1 to 4.</exception>
    public static void Write(Span<byte> destination, ulong packetNumber, int length)
    {
        if (length is < 1 or > 4)
            Throw.OutOfRange(nameof(length));
        if (destination.Length < length)
            Throw.DestinationTooSmall();
        for (int i = length - 1; i >= 0; i--)
        {
            destination[i] = (byte)(packetNumber & 0xFF);
            packetNumber >>= 8;
        }
    }
}
