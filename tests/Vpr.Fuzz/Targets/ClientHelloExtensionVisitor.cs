using Vpr.Wire.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="ClientHelloExtension"/>.</summary>
internal struct ClientHelloExtensionVisitor() : IClientHelloExtensionVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in PreSharedKeyClientHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SignatureAlgorithmsExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in EarlyDataIndication member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in QuicTransportParametersExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in KeyShareClientHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SupportedGroupsExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ServerNameClientHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SupportedVersionsClientHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in PskKeyExchangeModesExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ApplicationLayerProtocolNegotiationExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SignatureAlgorithmsCertExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CookieExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CompressCertificateExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ApplicationSettingsClientHello member) => _seen.Take(in member);
}
