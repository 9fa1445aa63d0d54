namespace Vpr.Wire.Quic;

/// <summary>max_datagram_frame_size: the largest DATAGRAM frame the endpoint accepts.</summary>
/// <remarks>RFC 9221 §3</remarks>
/// <param name="Bytes">The size in bytes, frame type and length included; 0, as when absent, means none.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x20)]
public readonly partial record struct MaxDatagramFrameSizeParameter([VarInt] ulong Bytes);
