namespace Vpr.Wire.Tls;

/// <summary>server_name in EncryptedExtensions: the server chose by the client's name.</summary>
/// <remarks>RFC 6066 §3: its data is empty.</remarks>
[WireFormat]
[MemberOf(typeof(EncryptedExtensionsExtension), 0)]
public readonly partial record struct ServerNameEncryptedExtensions;
