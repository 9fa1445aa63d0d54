namespace Vpr.Wire.Quic;

/// <summary>The Handshake packet's header; the length, packet number and payload follow.</summary>
/// <remarks>RFC 9000 §17.2.4; the bits are as in <see cref="InitialHeader"/>.</remarks>
[WireFormat]
public readonly ref partial struct HandshakeHeader
{
    /// <summary>Header form, 1.</summary>
    [Bits(1), Constant(1)]
    public byte HeaderForm => 1;

    /// <summary>Fixed bit, 1 unless greased.</summary>
    [Bits(1)]
    public bool FixedBit { get; init; }

    /// <summary>Long packet type, 2.</summary>
    [Bits(2), Constant(2)]
    public LongPacketType Type => LongPacketType.Handshake;

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
}
