namespace Vpr.Wire.Ip;

/// <summary>The chain of extension headers between an IPv6 header and the upper-layer packet.</summary>
/// <remarks>
/// RFC 8200 §4.1, RFC 7045 §4. Walked once, when it is parsed: hop-by-hop options (directly behind the IPv6 header alone), destination
/// options, routing, fragment, authentication, mobility, HIP and Shim6 headers, at most <see cref="MaxHeaders"/> of them; the first
/// other header is the upper layer's. Behind a fragment header other than the first fragment's nothing can be read, so the walk ends there.
/// </remarks>
public readonly ref struct Ipv6ExtensionHeaders
{
    /// <summary>More headers than this make a packet malformed: RFC 8200 §4.1 knows an order of six.</summary>
    public const int MaxHeaders = 8;

    private Ipv6ExtensionHeaders(ReadOnlySpan<byte> encoded, IpProtocol protocol, ReadOnlySpan<byte> payload, int count, bool isFragment)
    {
        Encoded = encoded;
        Protocol = protocol;
        Payload = payload;
        Count = count;
        IsFragment = isFragment;
    }

    /// <summary>The extension headers' bytes.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>What follows the last extension header.</summary>
    public IpProtocol Protocol { get; }

    /// <summary>The bytes behind the last extension header.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>How many extension headers there are.</summary>
    public int Count { get; }

    /// <summary>Whether the packet is a part of a larger one: a fragment header that says so (an "atomic" one, RFC 6946, does not).</summary>
    public bool IsFragment { get; }

    /// <summary>Walks the chain.</summary>
    /// <param name="nextHeader">What the IPv6 header says follows it.</param>
    /// <param name="source">The IPv6 payload.</param>
    /// <param name="value">The view; the default where it fails.</param>
    /// <returns>False where a header is malformed, cut short, out of place, or one too many.</returns>
    public static bool TryParse(IpProtocol nextHeader, ReadOnlySpan<byte> source, out Ipv6ExtensionHeaders value)
    {
        value = default;
        ReadOnlySpan<byte> rest = source;
        bool isFragment = false;
        int count = 0;
        for (bool ends = false; !ends && IsExtension(nextHeader); count++)
        {
            // RFC 8200 §4.1: hop-by-hop options stand directly behind the IPv6 header or nowhere.
            if (count == MaxHeaders || (nextHeader == IpProtocol.HopByHopOptions && count > 0))
                return false;
            int consumed;
            if (nextHeader == IpProtocol.Fragment)
            {
                if (!FragmentHeader.TryParse(rest, out FragmentHeader fragment, out consumed))
                    return false;
                nextHeader = fragment.NextHeader;
                isFragment |= fragment.MoreFragments || fragment.FragmentOffset != 0;
                ends = fragment.FragmentOffset != 0;
            }
            else if (nextHeader == IpProtocol.Routing)
            {
                if (!RoutingHeader.TryParse(rest, out RoutingHeader routing, out consumed))
                    return false;
                nextHeader = routing.NextHeader;
            }
            else if (nextHeader == IpProtocol.Authentication)
            {
                if (!AuthenticationHeader.TryParse(rest, out AuthenticationHeader authentication, out consumed))
                    return false;
                nextHeader = authentication.NextHeader;
            }
            else
            {
                // The others share this layout of next header and length (RFC 6564 §4).
                if (!DestinationOptionsHeader.TryParse(rest, out DestinationOptionsHeader options, out consumed))
                    return false;
                nextHeader = options.NextHeader;
            }
            rest = rest[consumed..];
        }
        value = new Ipv6ExtensionHeaders(source[..^rest.Length], nextHeader, rest, count, isFragment);
        return true;
    }

    private static bool IsExtension(IpProtocol nextHeader) => nextHeader
        is IpProtocol.HopByHopOptions or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.Authentication or IpProtocol.DestinationOptions
        or IpProtocol.Mobility or IpProtocol.HostIdentity or IpProtocol.Shim6;
}
