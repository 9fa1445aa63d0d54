namespace Vpr.Wire.Quic;

/// <summary>RESET_STREAM: the sender abandons its part of a stream.</summary>
/// <remarks>RFC 9000 §19.4</remarks>
/// <param name="StreamId">The stream, 0 to 2^62-1.</param>
/// <param name="ApplicationProtocolErrorCode">Why, in the application protocol's numbers.</param>
/// <param name="FinalSize">How many bytes the stream carried in this direction: what flow control has to count.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x04)]
public readonly partial record struct ResetStreamFrame(
    [VarInt] ulong StreamId,
    [VarInt] ulong ApplicationProtocolErrorCode,
    [VarInt] ulong FinalSize);
