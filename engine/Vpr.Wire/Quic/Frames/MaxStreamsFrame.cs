namespace Vpr.Wire.Quic;

/// <summary>MAX_STREAMS: how many streams of one kind the peer may open.</summary>
/// <remarks>RFC 9000 §19.11: above 2^60 no stream ID could be written, so it does not parse.</remarks>
/// <param name="IsUnidirectional">Whether the limit is for one-way streams (type 0x13) or two-way ones (0x12).</param>
/// <param name="MaximumStreams">How many over the connection's life, 0 to 2^60.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x12, Flags = 0x01)]
public readonly partial record struct MaxStreamsFrame(
    [TypeBit(0x01)] bool IsUnidirectional,
    [VarInt, Between(0, 1UL << 60)] ulong MaximumStreams);
