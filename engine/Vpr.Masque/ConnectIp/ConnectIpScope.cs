using System.Globalization;
using Vpr.Wire.Ip;

namespace Vpr.Masque;

/// <summary>What part of the network a CONNECT-IP request is about: the two variables of its path.</summary>
/// <remarks>RFC 9484 §4.6</remarks>
/// <param name="Target">The prefix that packets may go to; null for any.</param>
/// <param name="Protocol">The only protocol; null for all.</param>
public readonly record struct ConnectIpScope(IpPrefix? Target, IpProtocol? Protocol)
{
    /// <summary>The whole network: both variables are "*".</summary>
    public static ConnectIpScope Everything => default;

    /// <summary>Reads the variables.</summary>
    /// <param name="target">"*", an address, or a prefix, still percent-encoded. Host names are not resolved here.</param>
    /// <param name="protocol">"*", or a number from 0 to 255.</param>
    /// <param name="scope">The scope when the result is true.</param>
    public static bool TryParse(string target, string protocol, out ConnectIpScope scope)
    {
        scope = default;
        string decodedTarget = Uri.UnescapeDataString(target);
        string decodedProtocol = Uri.UnescapeDataString(protocol);
        IpPrefix? prefix = null;
        if (decodedTarget != "*")
        {
            if (!IpPrefix.TryParse(decodedTarget, out IpPrefix parsed)) return false;
            prefix = parsed;
        }

        IpProtocol? number = null;
        if (decodedProtocol != "*")
        {
            if (!byte.TryParse(decodedProtocol, NumberStyles.None, CultureInfo.InvariantCulture, out byte parsed)) return false;
            number = (IpProtocol)parsed;
        }

        scope = new ConnectIpScope(prefix, number);
        return true;
    }

    /// <summary>What of a table lies in the scope.</summary>
    public RouteTable Restrict(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        if (this == Everything) return routes;
        List<AddressRange> kept = [];
        foreach (AddressRange range in routes.Ranges)
        {
            AddressRange clipped = range;
            if (Protocol is { } protocol && protocol != AddressRange.AllProtocols)
            {
                if (range.Protocol != AddressRange.AllProtocols && range.Protocol != protocol) continue;
                clipped = clipped with { Protocol = protocol };
            }

            if (Target is { } target)
            {
                if (target.Version != range.Start.Version || target.Last.Value < range.Start.Value || target.Address.Value > range.End.Value) continue;
                if (target.Address.Value > clipped.Start.Value) clipped = clipped with { Start = target.Address };
                if (target.Last.Value < clipped.End.Value) clipped = clipped with { End = target.Last };
            }

            kept.Add(clipped);
        }

        return RouteTable.Normalize([.. kept]);
    }
}
