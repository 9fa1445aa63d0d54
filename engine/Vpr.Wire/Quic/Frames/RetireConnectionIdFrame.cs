namespace Vpr.Wire.Quic;

/// <summary>RETIRE_CONNECTION_ID: the sender will no longer use one of the peer's connection IDs.</summary>
/// <remarks>RFC 9000 §19.16</remarks>
/// <param name="SequenceNumber">The connection ID's number, given by the peer.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x19)]
public readonly partial record struct RetireConnectionIdFrame([VarInt] ulong SequenceNumber);
