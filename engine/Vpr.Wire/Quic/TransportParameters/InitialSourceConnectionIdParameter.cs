namespace Vpr.Wire.Quic;

/// <summary>initial_source_connection_id: the Source Connection ID of the endpoint's first Initial packet.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
[WireFormat(Valid = nameof(IsAtMost20Bytes))]
[MemberOf(typeof(TransportParameter), 0x0F)]
public readonly ref partial struct InitialSourceConnectionIdParameter
{
    /// <summary>The connection ID, 0 to 20 bytes.</summary>
    [Rest]
    public ReadOnlySpan<byte> ConnectionId { get; init; }

    private bool IsAtMost20Bytes => ConnectionId.Length <= 20;
}
