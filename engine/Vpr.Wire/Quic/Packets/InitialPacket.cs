namespace Vpr.Wire.Quic;

/// <summary>An Initial packet as it is on the wire: the header in the clear, the rest protected.</summary>
/// <remarks>RFC 9000 §17.2.2. Parsing consumes one packet; another may be coalesced behind it (RFC 9000 §12.2).</remarks>
[WireFormat]
public readonly ref partial struct InitialPacket
{
    /// <summary>The header up to and with the token.</summary>
    public InitialHeader Header { get; init; }

    /// <summary>
    /// Packet number and payload, both protected. Fewer than 20 bytes cannot be opened (RFC 9001 §5.4.2): the receiver drops this packet
    /// and goes on with those behind it.
    /// </summary>
    [LengthPrefix(Prefix.VarInt)]
    public ReadOnlySpan<byte> Protected { get; init; }
}
