using System.Diagnostics.CodeAnalysis;
using Vpr.Wire.Ip;

namespace Vpr.Masque;

/// <summary>The ranges of one ROUTE_ADVERTISEMENT in the order that the capsule demands, with look-up by binary search.</summary>
/// <remarks>RFC 9484 §4.7.3. Immutable; a look-up allocates nothing.</remarks>
public sealed class RouteTable
{
    private readonly AddressRange[] _ranges;

    /// <summary>The same addresses without regard to protocol, merged: what ICMP may be sent to.</summary>
    private readonly AddressRange[] _anyProtocol;

    private RouteTable(AddressRange[] ranges)
    {
        _ranges = ranges;
        _anyProtocol = [.. Merge([.. Array.ConvertAll(ranges, static range => range with { Protocol = AddressRange.AllProtocols })])];
    }

    /// <summary>A table that routes nothing.</summary>
    public static RouteTable Empty { get; } = new([]);

    /// <summary>A table that routes every address of both versions: a full tunnel.</summary>
    public static RouteTable Everything { get; } =
        new([IpPrefix.All(IpVersion.V4).ToRange(), IpPrefix.All(IpVersion.V6).ToRange()]);

    /// <summary>The ranges in the order of the capsule.</summary>
    public ReadOnlySpan<AddressRange> Ranges => _ranges;

    /// <summary>Takes ranges as a peer sent them, if they obey the order.</summary>
    /// <param name="ranges">The capsule's ranges; copied.</param>
    /// <param name="table">The table when the result is true.</param>
    /// <returns>False when a range is invalid or the order is broken: the request stream is aborted.</returns>
    public static bool TryCreate(ReadOnlySpan<AddressRange> ranges, [NotNullWhen(true)] out RouteTable? table)
    {
        table = null;
        for (int i = 0; i < ranges.Length; i++)
            if (!ranges[i].IsValid || (i > 0 && !Precedes(ranges[i - 1], ranges[i]))) return false;

        // Overlap of "all protocols" with one protocol is forbidden too; checking is optional, and cheap in this order.
        for (int i = 0; i < ranges.Length; i++)
        {
            if (ranges[i].Protocol != AddressRange.AllProtocols) continue;
            for (int j = i + 1; j < ranges.Length && ranges[j].Start.Version == ranges[i].Start.Version; j++)
                if (ranges[j].Start.Value <= ranges[i].End.Value && ranges[j].End.Value >= ranges[i].Start.Value) return false;
        }

        table = new RouteTable(ranges.ToArray());
        return true;
    }

    /// <summary>Orders, merges and disentangles ranges so that they may be advertised.</summary>
    /// <param name="ranges">Any valid ranges, in any order, overlapping or not.</param>
    /// <exception cref="ArgumentException">A range is not valid.</exception>
    public static RouteTable Normalize(ReadOnlySpan<AddressRange> ranges)
    {
        foreach (AddressRange range in ranges)
            if (!range.IsValid) throw new ArgumentException($"The range {range} has its ends in the wrong order.", nameof(ranges));

        List<AddressRange> all = Merge([.. ranges]);
        List<AddressRange> general = all.FindAll(static range => range.Protocol == AddressRange.AllProtocols);
        List<AddressRange> result = [];
        foreach (AddressRange range in all)
        {
            if (range.Protocol == AddressRange.AllProtocols) result.Add(range);
            else Subtract(range, general, result);
        }

        return new RouteTable([.. result]);
    }

    /// <summary>Whether packets to an address may be sent.</summary>
    /// <param name="destination">The packet's destination.</param>
    /// <param name="protocol">The protocol behind all IPv6 extension headers.</param>
    public bool Contains(IpAddress destination, IpProtocol protocol)
    {
        // §4.7.3: ICMP is allowed whatever the range's protocol.
        if (protocol == (destination.Version == IpVersion.V4 ? IpProtocol.Icmp : IpProtocol.Icmpv6)) return Find(_anyProtocol, destination, AddressRange.AllProtocols);
        return Find(_ranges, destination, AddressRange.AllProtocols) || (protocol != AddressRange.AllProtocols && Find(_ranges, destination, protocol));
    }

    /// <summary>Whether an address lies in any range, whatever the protocol.</summary>
    public bool Contains(IpAddress address) => Find(_anyProtocol, address, AddressRange.AllProtocols);

    /// <summary>Whether A may stand right before B.</summary>
    private static bool Precedes(in AddressRange a, in AddressRange b) =>
        a.Start.Version != b.Start.Version ? a.Start.Version < b.Start.Version
        : a.Protocol != b.Protocol ? a.Protocol < b.Protocol
        : a.End.Value < b.Start.Value;

    private static int Order(AddressRange a, AddressRange b)
    {
        int order = a.Start.Version.CompareTo(b.Start.Version);
        if (order == 0) order = a.Protocol.CompareTo(b.Protocol);
        return order != 0 ? order : a.Start.Value.CompareTo(b.Start.Value);
    }

    /// <summary>Sorts ranges and joins those of one version and protocol that overlap or touch.</summary>
    private static List<AddressRange> Merge(List<AddressRange> ranges)
    {
        ranges.Sort(Order);
        List<AddressRange> merged = new(ranges.Count);
        foreach (AddressRange range in ranges)
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Start.Version == range.Start.Version && last.Protocol == range.Protocol &&
                (range.Start.Value <= last.End.Value || range.Start.Value - last.End.Value == UInt128.One))
            {
                if (range.End.Value > last.End.Value) merged[^1] = last with { End = range.End };
            }
            else merged.Add(range);
        }

        return merged;
    }

    /// <summary>Adds what is left of <paramref name="range"/> without the sorted ranges in <paramref name="general"/>.</summary>
    private static void Subtract(AddressRange range, List<AddressRange> general, List<AddressRange> result)
    {
        foreach (AddressRange other in general)
        {
            if (other.Start.Version != range.Start.Version || other.End.Value < range.Start.Value || other.Start.Value > range.End.Value) continue;
            if (other.Start.Value > range.Start.Value)
                result.Add(range with { End = range.End with { Value = other.Start.Value - UInt128.One } });
            if (other.End.Value >= range.End.Value) return;
            range = range with { Start = range.Start with { Value = other.End.Value + UInt128.One } };
        }

        result.Add(range);
    }

    /// <summary>Looks among the ranges of one protocol for the last that begins at or before an address.</summary>
    private static bool Find(AddressRange[] ranges, IpAddress address, IpProtocol protocol)
    {
        int low = 0;
        int high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            ref readonly AddressRange range = ref ranges[middle];
            bool atOrBefore = range.Start.Version != address.Version ? range.Start.Version < address.Version
                : range.Protocol != protocol ? range.Protocol < protocol
                : range.Start.Value <= address.Value;
            if (atOrBefore) low = middle + 1;
            else high = middle;
        }

        return low > 0 && ranges[low - 1].Protocol == protocol && ranges[low - 1].Contains(address);
    }
}
