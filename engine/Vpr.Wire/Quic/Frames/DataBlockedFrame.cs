namespace Vpr.Wire.Quic;

/// <summary>DATA_BLOCKED: the sender would send more if the connection's limit allowed it.</summary>
/// <remarks>RFC 9000 §19.12</remarks>
/// <param name="MaximumData">The limit that blocks, in bytes.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x14)]
public readonly partial record struct DataBlockedFrame([VarInt] ulong MaximumData);
