namespace Vpr.Wire.Quic;

/// <summary>An Initial packet as it is on the wire: the header in the clear, the rest protected.</summary>
/// <remarks>RFC 9000 §17.2.2. Parsing consumes one packet; another may be coalesced behind it (RFC 9000 §12.2).</remarks>
[WireFormat]
public readonly ref partial struct InitialPacket
{
    /// <summary>The header up to and with the token.</summary>
    public InitialHeader Header { get; init; }

    /// <summary>
    /// Packet number and payload, both protected: at least the 4 bytes a packet number may take and the 16 of a header protection
    /// sample (RFC 9001 §5.4.2), or the packet cannot be opened.
    /// </summary>
    [LengthPrefix(Prefix.VarInt, Min = 20)]
    public ReadOnlySpan<byte> Protected { get; init; }
}
