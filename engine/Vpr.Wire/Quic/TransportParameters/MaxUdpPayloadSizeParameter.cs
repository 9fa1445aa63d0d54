namespace Vpr.Wire.Quic;

/// <summary>max_udp_payload_size: the largest UDP payload the endpoint accepts.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Bytes">The size in bytes; below 1200 it does not parse.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x03)]
public readonly partial record struct MaxUdpPayloadSizeParameter([VarInt, Between(1200, (1UL << 62) - 1)] ulong Bytes);
