using Vpr.Wire.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="HelloRetryRequestExtension"/>.</summary>
internal struct HelloRetryRequestExtensionVisitor() : IHelloRetryRequestExtensionVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in KeyShareHelloRetryRequest member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SupportedVersionsServerHello member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CookieExtension member) => _seen.Take(in member);
}
