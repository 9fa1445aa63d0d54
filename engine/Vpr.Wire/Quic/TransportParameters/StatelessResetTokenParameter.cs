namespace Vpr.Wire.Quic;

/// <summary>stateless_reset_token: how the server's stateless reset for its first connection ID ends; a server sends it.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x02)]
public readonly ref partial struct StatelessResetTokenParameter
{
    /// <summary>The token, 16 bytes.</summary>
    [Length(16)]
    public ReadOnlySpan<byte> Token { get; init; }
}
