namespace Vpr.Wire.Quic;

/// <summary>What every version of QUIC keeps of a long header: enough to route a packet and to answer one of an unknown version.</summary>
/// <remarks>RFC 8999 §5.1. A connection ID may have up to 255 bytes here; version 1 stops at 20.</remarks>
[WireFormat]
public readonly ref partial struct InvariantLongHeader
{
    /// <summary>Header form, 1.</summary>
    [Bits(1), Constant(1)]
    public byte HeaderForm => 1;

    /// <summary>Seven bits whose meaning the version gives.</summary>
    [Bits(7)]
    public byte VersionSpecific { get; init; }

    /// <summary>The version; 0 marks Version Negotiation.</summary>
    public uint Version { get; init; }

    /// <summary>The receiver's connection ID, 0 to 255 bytes.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> DestinationConnectionId { get; init; }

    /// <summary>The sender's connection ID, 0 to 255 bytes.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> SourceConnectionId { get; init; }

    /// <summary>Whether the packet is Version Negotiation.</summary>
    public bool IsVersionNegotiation => Version == 0;

    /// <summary>The packet's type when <see cref="Version"/> is 1.</summary>
    public LongPacketType TypeInVersion1 => (LongPacketType)((VersionSpecific >> 4) & 3);
}
