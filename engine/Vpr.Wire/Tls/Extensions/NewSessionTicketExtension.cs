namespace Vpr.Wire.Tls;

/// <summary>The extensions of a NewSessionTicket.</summary>
/// <remarks>RFC 8446 §4.2, column NST</remarks>
[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class NewSessionTicketExtension;
