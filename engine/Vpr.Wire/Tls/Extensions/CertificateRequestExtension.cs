namespace Vpr.Wire.Tls;

/// <summary>The extensions of a CertificateRequest.</summary>
/// <remarks>RFC 8446 §4.2, column CR</remarks>
[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class CertificateRequestExtension;
