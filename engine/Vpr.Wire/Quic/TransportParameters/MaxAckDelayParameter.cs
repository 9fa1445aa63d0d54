namespace Vpr.Wire.Quic;

/// <summary>max_ack_delay: how long the endpoint may hold back an acknowledgement; 25 when absent.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Milliseconds">The time in milliseconds, below 2^14.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x0B)]
public readonly partial record struct MaxAckDelayParameter([VarInt, Between(0, (1UL << 14) - 1)] ulong Milliseconds);
