namespace Vpr.Wire.Tls;

/// <summary>CertificateRequest: the server wants the client to show a certificate.</summary>
/// <remarks>RFC 8446 §4.3.2</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 13)]
public readonly ref partial struct CertificateRequest
{
    /// <summary>What the client's Certificate repeats; empty during the handshake.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> CertificateRequestContext { get; init; }

    /// <summary>The extensions, a sequence of <see cref="CertificateRequestExtension"/>.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2)]
    public ReadOnlySpan<byte> Extensions { get; init; }
}
