using Vpr.Wire.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="EncryptedExtensionsExtension"/>.</summary>
internal struct EncryptedExtensionsExtensionVisitor() : IEncryptedExtensionsExtensionVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in EarlyDataIndication member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ServerNameEncryptedExtensions member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in QuicTransportParametersExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SupportedGroupsExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ApplicationLayerProtocolNegotiationExtension member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ApplicationSettingsExtension member) => _seen.Take(in member);
}
