namespace Vpr.Wire.Quic;

/// <summary>grease_quic_bit: the endpoint accepts packets whose fixed bit is 0.</summary>
/// <remarks>RFC 9287 §3</remarks>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x2AB2)]
public readonly partial record struct GreaseQuicBitParameter;
