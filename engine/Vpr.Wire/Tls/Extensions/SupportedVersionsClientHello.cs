namespace Vpr.Wire.Tls;

/// <summary>supported_versions in a ClientHello: the versions the client speaks.</summary>
/// <remarks>RFC 8446 §4.2.1</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 43)]
public readonly ref partial struct SupportedVersionsClientHello
{
    /// <summary>The versions, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 2, Max = 254)]
    public WireScalarList<ProtocolVersion> Versions { get; init; }
}
