namespace Vpr.Wire.Quic;

/// <summary>initial_max_data: the connection's first flow control limit.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Bytes">The limit in bytes.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x04)]
public readonly partial record struct InitialMaxDataParameter([VarInt] ulong Bytes);
