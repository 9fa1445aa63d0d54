namespace Vpr.Wire.Quic;

/// <summary>initial_max_stream_data_bidi_local: the first limit of two-way streams that the parameter's sender opens.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Bytes">The limit in bytes.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x05)]
public readonly partial record struct InitialMaxStreamDataBidiLocalParameter([VarInt] ulong Bytes);
