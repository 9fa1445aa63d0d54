namespace Vpr.Wire.Tls;

/// <summary>key_share in a ClientHello: public values for the groups the client expects the server to choose.</summary>
/// <remarks>RFC 8446 §4.2.8. It may be empty, which asks for a HelloRetryRequest.</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 51)]
public readonly ref partial struct KeyShareClientHello
{
    /// <summary>The shares, most wanted first, one of a group at most.</summary>
    [LengthPrefix(Prefix.UInt16)]
    public WireList<KeyShareEntry> ClientShares { get; init; }
}
