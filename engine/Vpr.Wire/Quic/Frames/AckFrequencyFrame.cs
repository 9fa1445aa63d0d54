namespace Vpr.Wire.Quic;

/// <summary>ACK_FREQUENCY: how often the sender of data wants it acknowledged.</summary>
/// <remarks>draft-ietf-quic-ack-frequency §4; only for a peer that sent <see cref="MinAckDelayParameter"/>.</remarks>
/// <param name="SequenceNumber">Grows from frame to frame, so that one that was overtaken is known by it.</param>
/// <param name="AckElicitingThreshold">The most ack-eliciting packets that the receiver takes without an acknowledgement; one more elicits it.</param>
/// <param name="RequestedMaxAckDelay">The receiver's new max_ack_delay, in microseconds.</param>
/// <param name="ReorderingThreshold">How far packets must be out of order for an acknowledgement at once; 0 for never, 1 without this frame.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0xAF)]
public readonly partial record struct AckFrequencyFrame(
    [VarInt] ulong SequenceNumber, [VarInt] ulong AckElicitingThreshold, [VarInt] ulong RequestedMaxAckDelay, [VarInt] ulong ReorderingThreshold);
