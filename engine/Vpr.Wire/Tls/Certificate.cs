namespace Vpr.Wire.Tls;

/// <summary>Certificate: the sender's certificate and those that lead to its root.</summary>
/// <remarks>RFC 8446 §4.4.2</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 11)]
public readonly ref partial struct Certificate
{
    /// <summary>The context of the CertificateRequest; empty from a server.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> CertificateRequestContext { get; init; }

    /// <summary>The chain, the sender's own first; empty when a client has none.</summary>
    [LengthPrefix(Prefix.UInt24)]
    public WireList<CertificateEntry> CertificateList { get; init; }
}
