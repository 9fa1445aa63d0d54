using Vpr.Wire.Masque;
using Vpr.Wire.Noise;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="Capsule"/>.</summary>
internal struct CapsuleVisitor() : ICapsuleVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in RekeyRespondCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in RekeyInitiateCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in RegisterContextCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CloseContextCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in AddressRequestCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in RouteAdvertisementCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in AddressAssignCapsule member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in DatagramCapsule member) => _seen.Take(in member);
}
