namespace Vpr.Wire.Quic;

/// <summary>MAX_STREAM_DATA: how much the peer may send on one stream.</summary>
/// <remarks>RFC 9000 §19.10</remarks>
/// <param name="StreamId">The stream, 0 to 2^62-1.</param>
/// <param name="MaximumStreamData">The limit, in bytes from the stream's start.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x11)]
public readonly partial record struct MaxStreamDataFrame([VarInt] ulong StreamId, [VarInt] ulong MaximumStreamData);
