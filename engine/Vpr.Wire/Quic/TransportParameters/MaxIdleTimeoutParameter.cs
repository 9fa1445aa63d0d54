namespace Vpr.Wire.Quic;

/// <summary>max_idle_timeout: how long the connection may be silent.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Milliseconds">The time in milliseconds; 0 means no limit.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x01)]
public readonly partial record struct MaxIdleTimeoutParameter([VarInt] ulong Milliseconds);
