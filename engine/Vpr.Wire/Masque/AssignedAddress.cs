namespace Vpr.Wire.Masque;

/// <summary>An address, or a prefix of addresses, that the receiver may send from.</summary>
/// <remarks>RFC 9484 §4.7.1. A prefix longer than its address, or with bits set behind it, does not parse.</remarks>
/// <param name="RequestId">The request it answers, or 0 where there was none.</param>
/// <param name="IpVersion">4 or 6.</param>
/// <param name="Ipv4Address">The address where <paramref name="IpVersion"/> is 4, most significant octet first; otherwise 0.</param>
/// <param name="Ipv6Address">The address where <paramref name="IpVersion"/> is 6, most significant octet first; otherwise 0.</param>
/// <param name="IpPrefixLength">How many bits are given; 0 to 32 or 128.</param>
[WireFormat(Valid = nameof(IsPrefix))]
public readonly partial record struct AssignedAddress(
    [VarInt] ulong RequestId,
    byte IpVersion,
    [When(nameof(IpVersion), Is = 4)] uint Ipv4Address,
    [When(nameof(IpVersion), Is = 6)] UInt128 Ipv6Address,
    byte IpPrefixLength)
{
    /// <summary>An IPv4 address or prefix.</summary>
    /// <param name="requestId">The request it answers, or 0.</param>
    /// <param name="address">The address, most significant octet first.</param>
    /// <param name="prefixLength">0 to 32.</param>
    public static AssignedAddress Ipv4(ulong requestId, uint address, byte prefixLength) => new(requestId, 4, address, 0, prefixLength);

    /// <summary>An IPv6 address or prefix.</summary>
    /// <param name="requestId">The request it answers, or 0.</param>
    /// <param name="address">The address, most significant octet first.</param>
    /// <param name="prefixLength">0 to 128.</param>
    public static AssignedAddress Ipv6(ulong requestId, UInt128 address, byte prefixLength) => new(requestId, 6, 0, address, prefixLength);

    private bool IsPrefix => IpPrefix.IsValid(IpVersion, Ipv4Address, Ipv6Address, IpPrefixLength);
}
