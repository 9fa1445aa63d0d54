namespace Vpr.Wire.Tls;

/// <summary>compress_certificate: how the sender lets the peer compress its chain.</summary>
/// <remarks>RFC 8879 §3</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 27)]
[MemberOf(typeof(CertificateRequestExtension), 27)]
public readonly ref partial struct CompressCertificateExtension
{
    /// <summary>The algorithms, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 2, Max = 254)]
    public WireScalarList<CertificateCompressionAlgorithm> Algorithms { get; init; }
}
