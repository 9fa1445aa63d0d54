namespace Vpr.Wire.Quic;

/// <summary>retry_source_connection_id: the Source Connection ID of the server's Retry packet; a server sends it after a Retry.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
[WireFormat(Valid = nameof(IsAtMost20Bytes))]
[MemberOf(typeof(TransportParameter), 0x10)]
public readonly ref partial struct RetrySourceConnectionIdParameter
{
    /// <summary>The connection ID, 0 to 20 bytes.</summary>
    [Rest]
    public ReadOnlySpan<byte> ConnectionId { get; init; }

    private bool IsAtMost20Bytes => ConnectionId.Length <= 20;
}
