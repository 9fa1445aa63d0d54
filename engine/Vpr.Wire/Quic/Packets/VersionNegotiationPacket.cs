namespace Vpr.Wire.Quic;

/// <summary>Version Negotiation: a server that does not speak the client's version names those it does.</summary>
/// <remarks>RFC 9000 §17.2.1, RFC 8999 §6</remarks>
[WireFormat(Valid = nameof(NamesAVersion))]
public readonly ref partial struct VersionNegotiationPacket
{
    /// <summary>Header form, 1.</summary>
    [Bits(1), Constant(1)]
    public byte HeaderForm => 1;

    /// <summary>Seven arbitrary bits; the highest should be 1 so that the packet does not look unlike QUIC version 1.</summary>
    [Bits(7)]
    public byte Unused { get; init; }

    /// <summary>0, which no version has.</summary>
    [Constant(0)]
    public uint Version => 0;

    /// <summary>The client's source connection ID, as it came.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> DestinationConnectionId { get; init; }

    /// <summary>The client's destination connection ID, as it came.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> SourceConnectionId { get; init; }

    /// <summary>The versions the server speaks, at least one.</summary>
    [Rest]
    public WireScalarList<uint> SupportedVersions { get; init; }

    private bool NamesAVersion => !SupportedVersions.IsEmpty;
}
