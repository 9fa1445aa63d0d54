namespace Vpr.Wire.Quic;

/// <summary>The Initial packet's header up to and with its token; the length, packet number and payload follow.</summary>
/// <remarks>
/// RFC 9000 §17.2.2. The low four bits are under header protection (RFC 9001 §5.4) on the wire. The fixed bit may be 0 where the
/// grease bit was agreed (RFC 9287), so it is a value here and the connection judges it.
/// A sender writes this, then two bytes for the length (<see cref="VarInt"/>, fixed width), the packet number and the frames.
/// </remarks>
[WireFormat]
public readonly ref partial struct InitialHeader
{
    /// <summary>Header form, 1.</summary>
    [Bits(1), Constant(1)]
    public byte HeaderForm => 1;

    /// <summary>Fixed bit, 1 unless greased.</summary>
    [Bits(1)]
    public bool FixedBit { get; init; }

    /// <summary>Long packet type, 0.</summary>
    [Bits(2), Constant(0)]
    public LongPacketType Type => LongPacketType.Initial;

    /// <summary>Two reserved bits and the packet number's length less one: under header protection on the wire.</summary>
    [Bits(4)]
    public byte ProtectedBits { get; init; }

    /// <summary>The version, 1.</summary>
    public uint Version { get; init; }

    /// <summary>The receiver's connection ID, 0 to 20 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Max = 20)]
    public ReadOnlySpan<byte> DestinationConnectionId { get; init; }

    /// <summary>The sender's connection ID, 0 to 20 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Max = 20)]
    public ReadOnlySpan<byte> SourceConnectionId { get; init; }

    /// <summary>The token of a Retry packet or a NEW_TOKEN frame; empty when there is none, and always from a server.</summary>
    [LengthPrefix(Prefix.VarInt)]
    public ReadOnlySpan<byte> Token { get; init; }
}
