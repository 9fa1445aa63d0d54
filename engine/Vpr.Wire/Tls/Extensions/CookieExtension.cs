namespace Vpr.Wire.Tls;

/// <summary>cookie: what a server without memory gives in a HelloRetryRequest and gets back in the next ClientHello.</summary>
/// <remarks>RFC 8446 §4.2.2</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 44)]
[MemberOf(typeof(HelloRetryRequestExtension), 44)]
public readonly ref partial struct CookieExtension
{
    /// <summary>The cookie, opaque to the client, at least one byte.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public ReadOnlySpan<byte> Cookie { get; init; }
}
