namespace Vpr.Wire.Tls;

/// <summary>The extensions of an EncryptedExtensions message.</summary>
/// <remarks>RFC 8446 §4.2, column EE</remarks>
[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class EncryptedExtensionsExtension;
