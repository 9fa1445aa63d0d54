namespace Vpr.Wire.Tls;

/// <summary>CertificateVerify: proves that the sender holds its certificate's key.</summary>
/// <remarks>RFC 8446 §4.4.3</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 15)]
public readonly ref partial struct CertificateVerify
{
    /// <summary>How <see cref="Signature"/> was made.</summary>
    public SignatureScheme Algorithm { get; init; }

    /// <summary>The signature over the transcript.</summary>
    [LengthPrefix(Prefix.UInt16)]
    public ReadOnlySpan<byte> Signature { get; init; }
}
