namespace Vpr.Wire.Quic;

/// <summary>A packet with a short header as it is on the wire: first byte and connection ID in the clear, the rest protected.</summary>
/// <remarks>
/// RFC 9000 §17.3.1. Written by hand because the connection ID has no length on the wire: the receiver knows how long its own are.
/// A short header packet takes the rest of its datagram.
/// </remarks>
public readonly ref struct ShortHeader
{
    /// <summary>The bit that marks a long header.</summary>
    public const byte FormBit = 0x80;

    /// <summary>The fixed bit, 1 unless greased (RFC 9287).</summary>
    public const byte FixedBit = 0x40;

    /// <summary>The spin bit (RFC 9000 §17.4).</summary>
    public const byte SpinBit = 0x20;

    /// <summary>The reserved bits, 0 once header protection is removed.</summary>
    public const byte ReservedBits = 0x18;

    /// <summary>The key phase (RFC 9001 §6), under header protection.</summary>
    public const byte KeyPhaseBit = 0x04;

    /// <summary>The packet number's length less one, under header protection.</summary>
    public const byte PacketNumberLengthBits = 0x03;

    /// <summary>The fewest bytes behind the connection ID that can be opened: a 4-byte packet number and a 16-byte sample (RFC 9001 §5.4.2).</summary>
    public const int MinProtectedLength = 20;

    private ShortHeader(byte firstByte, ReadOnlySpan<byte> destinationConnectionId, ReadOnlySpan<byte> @protected)
    {
        FirstByte = firstByte;
        DestinationConnectionId = destinationConnectionId;
        Protected = @protected;
    }

    /// <summary>Form, fixed and spin bit in the clear; the low five bits are under header protection.</summary>
    public byte FirstByte { get; }

    /// <summary>The receiver's connection ID.</summary>
    public ReadOnlySpan<byte> DestinationConnectionId { get; }

    /// <summary>Packet number and payload, both protected, at least <see cref="MinProtectedLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Protected { get; }

    /// <summary>Where the packet number stands in the packet, in bytes from its start.</summary>
    public int PacketNumberOffset => 1 + DestinationConnectionId.Length;

    /// <summary>Whether the spin bit is set.</summary>
    public bool Spin => (FirstByte & SpinBit) != 0;

    /// <summary>Whether the fixed bit is set.</summary>
    public bool IsFixedBitSet => (FirstByte & FixedBit) != 0;

    /// <summary>Reads a packet with a short header.</summary>
    /// <param name="source">The datagram from the packet on.</param>
    /// <param name="connectionIdLength">How long the receiver's connection IDs are, 0 to 20 bytes.</param>
    /// <param name="value">The view; the default where it fails.</param>
    /// <returns>False where the header is long or the packet too short to be opened.</returns>
    public static bool TryParse(ReadOnlySpan<byte> source, int connectionIdLength, out ShortHeader value)
    {
        value = default;
        if (source.Length < 1 + connectionIdLength + MinProtectedLength || (source[0] & FormBit) != 0)
            return false;
        value = new ShortHeader(source[0], source.Slice(1, connectionIdLength), source[(1 + connectionIdLength)..]);
        return true;
    }

    /// <summary>Writes a short header up to and with its packet number, before protection.</summary>
    /// <param name="destination">Room for 1 + connection ID + packet number bytes.</param>
    /// <param name="destinationConnectionId">The peer's connection ID, 0 to 20 bytes.</param>
    /// <param name="truncatedPacketNumber">The packet number; its low bytes are written.</param>
    /// <param name="packetNumberLength">How many of its bytes, 1 to 4.</param>
    /// <param name="fixedBit">The fixed bit.</param>
    /// <param name="spin">The spin bit.</param>
    /// <param name="keyPhase">The key phase.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is too small or the length not 1 to 4.</exception>
    public static int Write(
        Span<byte> destination,
        ReadOnlySpan<byte> destinationConnectionId,
        ulong truncatedPacketNumber,
        int packetNumberLength,
        bool fixedBit,
        bool spin,
        bool keyPhase)
    {
        if (destination.Length < 1 + destinationConnectionId.Length + packetNumberLength)
            Throw.DestinationTooSmall();
        PacketNumber.Write(destination[(1 + destinationConnectionId.Length)..], truncatedPacketNumber, packetNumberLength);
        destination[0] = (byte)((fixedBit ? FixedBit : 0) | (spin ? SpinBit : 0) | (keyPhase ? KeyPhaseBit : 0) | (packetNumberLength - 1));
        destinationConnectionId.CopyTo(destination[1..]);
        return 1 + destinationConnectionId.Length + packetNumberLength;
    }
}
