using Vpr.Wire.Ip;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="IpNextHeader"/>.</summary>
internal struct IpNextHeaderVisitor() : IIpNextHeaderVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in TcpHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in IcmpHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in RoutingHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in NoNextHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in HopByHopOptionsHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in FragmentHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in DestinationOptionsHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in Icmpv6Header member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in AuthenticationHeader member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in UdpHeader member) => _seen.Take(in member);
}
