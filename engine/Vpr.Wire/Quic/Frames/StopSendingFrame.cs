namespace Vpr.Wire.Quic;

/// <summary>STOP_SENDING: the receiver will discard what still comes on a stream and asks the sender to stop.</summary>
/// <remarks>RFC 9000 §19.5</remarks>
/// <param name="StreamId">The stream, 0 to 2^62-1.</param>
/// <param name="ApplicationProtocolErrorCode">Why, in the application protocol's numbers.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x05)]
public readonly partial record struct StopSendingFrame([VarInt] ulong StreamId, [VarInt] ulong ApplicationProtocolErrorCode);
