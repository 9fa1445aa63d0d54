namespace Vpr.Wire.Tls;

/// <summary>KeyUpdate: the sender's keys change. Over QUIC it is an error (RFC 9001 §6), and has to be recognised to be one.</summary>
/// <remarks>RFC 8446 §4.6.3</remarks>
/// <param name="RequestUpdate">Whether the peer is to update its keys as well.</param>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 24)]
public readonly partial record struct KeyUpdate([Between(0, 1)] KeyUpdateRequest RequestUpdate);
