using Vpr.Wire.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="CertificateRequestExtension"/>.</summary>
internal struct CertificateRequestExtensionVisitor() : ICertificateRequestExtensionVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in SignatureAlgorithmsExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SignatureAlgorithmsCertExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CompressCertificateExtension member) => _seen.Take(in member);
}
