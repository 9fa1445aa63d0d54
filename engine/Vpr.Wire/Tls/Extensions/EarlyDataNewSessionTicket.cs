namespace Vpr.Wire.Tls;

/// <summary>early_data in a NewSessionTicket: the ticket may carry 0-RTT data.</summary>
/// <remarks>RFC 8446 §4.2.10; over QUIC the value is 0xffffffff (RFC 9001 §4.6.1), which the handshake checks.</remarks>
/// <param name="MaxEarlyDataSize">How much, in bytes.</param>
[WireFormat]
[MemberOf(typeof(NewSessionTicketExtension), 42)]
public readonly partial record struct EarlyDataNewSessionTicket(uint MaxEarlyDataSize);
