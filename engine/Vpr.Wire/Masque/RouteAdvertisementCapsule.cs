namespace Vpr.Wire.Masque;

/// <summary>ROUTE_ADVERTISEMENT: all addresses that the sender forwards to.</summary>
/// <remarks>RFC 9484 §4.7.3. A later capsule replaces the whole list. Ranges out of order or overlapping do not parse.</remarks>
[WireFormat(Valid = nameof(IsInOrder))]
[MemberOf(typeof(Capsule), 0x03)]
public readonly ref partial struct RouteAdvertisementCapsule
{
    /// <summary>The ranges, by IP version, then protocol, then address.</summary>
    [Rest]
    public WireList<IpAddressRange> IpAddressRanges { get; init; }

    private bool IsInOrder
    {
        get
        {
            IpAddressRange? before = null;
            foreach (IpAddressRange range in IpAddressRanges)
            {
                if (before is { } previous && !previous.IsBefore(in range))
                    return false;
                before = range;
            }
            return true;
        }
    }
}
