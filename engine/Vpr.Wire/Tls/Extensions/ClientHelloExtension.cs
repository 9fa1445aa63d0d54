namespace Vpr.Wire.Tls;

/// <summary>The extensions of a ClientHello.</summary>
/// <remarks>RFC 8446 §4.2, column CH. Receivers skip what they do not know.</remarks>
[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class ClientHelloExtension;
