namespace Vpr.Wire.Tls;

/// <summary>early_data: a client sends 0-RTT data, or a server accepts it.</summary>
/// <remarks>RFC 8446 §4.2.10: its data is empty.</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 42)]
[MemberOf(typeof(EncryptedExtensionsExtension), 42)]
public readonly partial record struct EarlyDataIndication;
