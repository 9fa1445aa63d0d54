namespace Vpr.Wire.Quic;

/// <summary>IMMEDIATE_ACK: asks for an acknowledgement that does not wait.</summary>
/// <remarks>draft-ietf-quic-ack-frequency §5; only for a peer that sent <see cref="MinAckDelayParameter"/>.</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x1F)]
public readonly partial record struct ImmediateAckFrame;
