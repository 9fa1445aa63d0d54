namespace Vpr.Wire.Tls;

/// <summary>signature_algorithms: how a CertificateVerify may be signed.</summary>
/// <remarks>RFC 8446 §4.2.3</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 13)]
[MemberOf(typeof(CertificateRequestExtension), 13)]
public readonly ref partial struct SignatureAlgorithmsExtension
{
    /// <summary>The schemes, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2, Max = 65534)]
    public WireScalarList<SignatureScheme> SupportedSignatureAlgorithms { get; init; }
}
