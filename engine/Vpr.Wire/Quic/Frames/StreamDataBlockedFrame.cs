namespace Vpr.Wire.Quic;

/// <summary>STREAM_DATA_BLOCKED: the sender would send more if the stream's limit allowed it.</summary>
/// <remarks>RFC 9000 §19.13</remarks>
/// <param name="StreamId">The stream, 0 to 2^62-1.</param>
/// <param name="MaximumStreamData">The limit that blocks, in bytes.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x15)]
public readonly partial record struct StreamDataBlockedFrame([VarInt] ulong StreamId, [VarInt] ulong MaximumStreamData);
