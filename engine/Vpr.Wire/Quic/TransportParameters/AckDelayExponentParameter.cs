namespace Vpr.Wire.Quic;

/// <summary>ack_delay_exponent: the power of two by which the ACK Delay field is scaled; 3 when absent.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
/// <param name="Exponent">The exponent, 0 to 20.</param>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x0A)]
public readonly partial record struct AckDelayExponentParameter([VarInt, Between(0, 20)] ulong Exponent);
