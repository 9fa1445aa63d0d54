namespace Vpr.Wire.Quic;

/// <summary>MAX_DATA: how much the peer may send on the whole connection.</summary>
/// <remarks>RFC 9000 §19.9</remarks>
/// <param name="MaximumData">The limit over all streams, in bytes from the connection's start.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x10)]
public readonly partial record struct MaxDataFrame([VarInt] ulong MaximumData);
