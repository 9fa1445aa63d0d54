namespace Vpr.Wire.Quic;

/// <summary>original_destination_connection_id: the connection ID of the client's first Initial packet; a server sends it.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
[WireFormat(Valid = nameof(IsAtMost20Bytes))]
[MemberOf(typeof(TransportParameter), 0x00)]
public readonly ref partial struct OriginalDestinationConnectionIdParameter
{
    /// <summary>The connection ID, 0 to 20 bytes.</summary>
    [Rest]
    public ReadOnlySpan<byte> ConnectionId { get; init; }

    private bool IsAtMost20Bytes => ConnectionId.Length <= 20;
}
