namespace Vpr.Wire.Quic;

/// <summary>initial_max_stream_data_uni: the first limit of one-way streams that the parameter's receiver opens.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Bytes">The limit in bytes.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x07)]
public readonly partial record struct InitialMaxStreamDataUniParameter([VarInt] ulong Bytes);
