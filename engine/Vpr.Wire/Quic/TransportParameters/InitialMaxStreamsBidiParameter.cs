namespace Vpr.Wire.Quic;

/// <summary>initial_max_streams_bidi: how many two-way streams the peer may open at first.</summary>
/// <remarks>RFC 9000 §18.2, §4.6</remarks>
/// <param name="Streams">How many; above 2^60 it does not parse.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x08)]
public readonly partial record struct InitialMaxStreamsBidiParameter([VarInt, Between(0, 1UL << 60)] ulong Streams);
