namespace Vpr.Wire.Quic;

/// <summary>PING: asks for an acknowledgement and says nothing else.</summary>
/// <remarks>RFC 9000 §19.2</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x01)]
public readonly partial record struct PingFrame;
