namespace Vpr.Wire.Tls;

/// <summary>signature_algorithms_cert: how certificates may be signed, where that differs.</summary>
/// <remarks>RFC 8446 §4.2.3</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 50)]
[MemberOf(typeof(CertificateRequestExtension), 50)]
public readonly ref partial struct SignatureAlgorithmsCertExtension
{
    /// <summary>The schemes, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2, Max = 65534)]
    public WireScalarList<SignatureScheme> SupportedSignatureAlgorithms { get; init; }
}
