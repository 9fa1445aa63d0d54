namespace Vpr.Wire.Quic;

/// <summary>STREAMS_BLOCKED: the sender would open a stream if the limit allowed it.</summary>
/// <remarks>RFC 9000 §19.14: above 2^60 no stream ID could be written, so it does not parse.</remarks>
/// <param name="IsUnidirectional">Whether the limit is for one-way streams (type 0x17) or two-way ones (0x16).</param>
/// <param name="MaximumStreams">The limit that blocks, 0 to 2^60.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x16, Flags = 0x01)]
public readonly partial record struct StreamsBlockedFrame(
    [TypeBit(0x01)] bool IsUnidirectional,
    [VarInt, Between(0, 1UL << 60)] ulong MaximumStreams);
