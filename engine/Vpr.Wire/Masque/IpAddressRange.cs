using Vpr.Wire.Ip;

namespace Vpr.Wire.Masque;

/// <summary>Addresses, both ends included, that packets may be sent to.</summary>
/// <remarks>RFC 9484 §4.7.3. A range that ends before it starts does not parse.</remarks>
/// <param name="IpVersion">4 or 6.</param>
/// <param name="StartIpv4Address">The first address where <paramref name="IpVersion"/> is 4; otherwise 0.</param>
/// <param name="EndIpv4Address">The last address where <paramref name="IpVersion"/> is 4; otherwise 0.</param>
/// <param name="StartIpv6Address">The first address where <paramref name="IpVersion"/> is 6; otherwise 0.</param>
/// <param name="EndIpv6Address">The last address where <paramref name="IpVersion"/> is 6; otherwise 0.</param>
/// <param name="IpProtocol">The only protocol allowed; 0 for all, and ICMP is always allowed.</param>
[WireFormat(Valid = nameof(IsRange))]
public readonly partial record struct IpAddressRange(
    byte IpVersion,
    [When(nameof(IpVersion), Is = 4)] uint StartIpv4Address,
    [When(nameof(IpVersion), Is = 4)] uint EndIpv4Address,
    [When(nameof(IpVersion), Is = 6)] UInt128 StartIpv6Address,
    [When(nameof(IpVersion), Is = 6)] UInt128 EndIpv6Address,
    IpProtocol IpProtocol)
{
    /// <summary>The first address as a number, of either version.</summary>
    public UInt128 Start => IpVersion == 4 ? StartIpv4Address : StartIpv6Address;

    /// <summary>The last address as a number, of either version.</summary>
    public UInt128 End => IpVersion == 4 ? EndIpv4Address : EndIpv6Address;

    /// <summary>A range of IPv4 addresses.</summary>
    /// <param name="start">The first, most significant octet first.</param>
    /// <param name="end">The last.</param>
    /// <param name="protocol">The only protocol allowed, 0 for all.</param>
    public static IpAddressRange Ipv4(uint start, uint end, IpProtocol protocol = 0) => new(4, start, end, 0, 0, protocol);

    /// <summary>A range of IPv6 addresses.</summary>
    /// <param name="start">The first, most significant octet first.</param>
    /// <param name="end">The last.</param>
    /// <param name="protocol">The only protocol allowed, 0 for all.</param>
    public static IpAddressRange Ipv6(UInt128 start, UInt128 end, IpProtocol protocol = 0) => new(6, 0, 0, start, end, protocol);

    /// <summary>Whether this range may stand directly before another in one capsule.</summary>
    /// <remarks>RFC 9484 §4.7.3: by version, then protocol, then address, without overlap.</remarks>
    /// <param name="next">The range behind this one.</param>
    public bool IsBefore(in IpAddressRange next)
    {
        if (IpVersion != next.IpVersion)
            return IpVersion < next.IpVersion;
        if (IpProtocol != next.IpProtocol)
            return IpProtocol < next.IpProtocol;
        return End < next.Start;
    }

    private bool IsRange => IpVersion is 4 or 6 && Start <= End;
}
