namespace Vpr.Wire.Tls;

/// <summary>supported_versions in a ServerHello or HelloRetryRequest: the version the server chose.</summary>
/// <remarks>RFC 8446 §4.2.1</remarks>
/// <param name="SelectedVersion">The version.</param>
[WireFormat]
[MemberOf(typeof(ServerHelloExtension), 43)]
[MemberOf(typeof(HelloRetryRequestExtension), 43)]
public readonly partial record struct SupportedVersionsServerHello(ProtocolVersion SelectedVersion);
