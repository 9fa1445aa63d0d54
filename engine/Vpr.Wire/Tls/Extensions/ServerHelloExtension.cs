namespace Vpr.Wire.Tls;

/// <summary>The extensions of a ServerHello.</summary>
/// <remarks>RFC 8446 §4.2, column SH. One that the client did not offer is an unsupported_extension alert.</remarks>
[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class ServerHelloExtension;
