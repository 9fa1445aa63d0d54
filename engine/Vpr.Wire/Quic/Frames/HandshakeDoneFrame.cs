namespace Vpr.Wire.Quic;

/// <summary>HANDSHAKE_DONE: the server tells the client that the handshake is confirmed.</summary>
/// <remarks>RFC 9000 §19.20</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x1E)]
public readonly partial record struct HandshakeDoneFrame;
