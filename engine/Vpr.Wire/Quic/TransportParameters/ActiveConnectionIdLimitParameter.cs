namespace Vpr.Wire.Quic;

/// <summary>active_connection_id_limit: how many of the peer's connection IDs the endpoint keeps; 2 when absent.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="ConnectionIds">How many, at least 2.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x0E)]
public readonly partial record struct ActiveConnectionIdLimitParameter([VarInt, Between(2, (1UL << 62) - 1)] ulong ConnectionIds);
