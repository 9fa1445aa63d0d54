namespace Vpr.Wire.Tls;

/// <summary>The extensions of a HelloRetryRequest.</summary>
/// <remarks>RFC 8446 §4.2, column HRR</remarks>
[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class HelloRetryRequestExtension;
