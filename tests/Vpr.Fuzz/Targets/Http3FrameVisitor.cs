using Vpr.Wire.Http3;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="Http3Frame"/>.</summary>
internal struct Http3FrameVisitor() : IHttp3FrameVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in PushPromiseFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in HeadersFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in SettingsFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in DataFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxPushIdFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CancelPushFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in GoAwayFrame member) => _seen.Take(in member);
}
