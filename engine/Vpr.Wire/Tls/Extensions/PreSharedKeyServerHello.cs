namespace Vpr.Wire.Tls;

/// <summary>pre_shared_key in a ServerHello: the key the server chose.</summary>
/// <remarks>RFC 8446 §4.2.11</remarks>
/// <param name="SelectedIdentity">The identity's place in the client's list, 0 for the first.</param>
[WireFormat]
[MemberOf(typeof(ServerHelloExtension), 41)]
public readonly partial record struct PreSharedKeyServerHello(ushort SelectedIdentity);
