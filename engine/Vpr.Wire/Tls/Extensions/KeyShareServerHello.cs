namespace Vpr.Wire.Tls;

/// <summary>key_share in a ServerHello: the server's public value for the group it chose.</summary>
/// <remarks>RFC 8446 §4.2.8</remarks>
[WireFormat]
[MemberOf(typeof(ServerHelloExtension), 51)]
public readonly ref partial struct KeyShareServerHello
{
    /// <summary>The share.</summary>
    public KeyShareEntry ServerShare { get; init; }
}
