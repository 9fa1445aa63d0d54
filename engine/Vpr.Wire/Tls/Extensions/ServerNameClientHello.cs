namespace Vpr.Wire.Tls;

/// <summary>server_name in a ClientHello: the server that the client means.</summary>
/// <remarks>RFC 6066 §3</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 0)]
public readonly ref partial struct ServerNameClientHello
{
    /// <summary>The names; one of each type at most.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public WireList<ServerName> ServerNameList { get; init; }
}
