namespace Vpr.Wire.Quic;

/// <summary>min_ack_delay: the endpoint takes ACK_FREQUENCY and IMMEDIATE_ACK frames, and this is the least it can hold back an acknowledgement.</summary>
/// <remarks>draft-ietf-quic-ack-frequency §3. That it is not above max_ack_delay is the connection's check.</remarks>
/// <param name="Microseconds">The time in microseconds, where max_ack_delay has milliseconds.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0xFF04DE1B)]
public readonly partial record struct MinAckDelayParameter([VarInt] ulong Microseconds);
