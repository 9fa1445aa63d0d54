using Vpr.Wire.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="HandshakeMessage"/>.</summary>
internal struct HandshakeMessageVisitor() : IHandshakeMessageVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in KeyUpdate member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CertificateVerify member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ServerHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CertificateRequest member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in Finished member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in Certificate member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ClientHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in EncryptedExtensions member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in NewSessionTicket member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CompressedCertificate member) => _seen.Take(in member);
}
