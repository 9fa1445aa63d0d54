using System.Net;
using System.Net.Sockets;

namespace Vpr.Interop.Linux;

/// <summary>A routing rule: which packets look into which table.</summary>
/// <remarks>linux/fib_rules.h, ip-rule(8). Equal in all but the numbers the kernel fills in when it is asked for.</remarks>
public sealed record RoutingRule
{
    /// <summary><see cref="AddressFamily.InterNetwork"/> or <see cref="AddressFamily.InterNetworkV6"/>.</summary>
    public required AddressFamily Family { get; init; }

    /// <summary>The order of rules, lowest first; <see langword="null"/> puts the rule before all but the local one.</summary>
    public uint? Priority { get; init; }

    /// <summary>The table to look into.</summary>
    public uint Table { get; init; } = RouteNetlink.MainTable;

    /// <summary>The firewall mark packets must carry.</summary>
    public uint? Mark { get; init; }

    /// <summary>Which bits of the mark count; <see langword="null"/> is all.</summary>
    public uint? MarkMask { get; init; }

    /// <summary>Whether the rule is for packets that do not match ("not fwmark").</summary>
    public bool IsInverted { get; init; }

    /// <summary>Routes of the table with a prefix of this length or shorter are passed over: 0 ignores default routes alone.</summary>
    public int? SuppressPrefixLength { get; init; }

    /// <summary>The sources packets must have.</summary>
    public IPNetwork? From { get; init; }

    /// <summary>The destinations packets must have.</summary>
    public IPNetwork? To { get; init; }

    /// <summary>The interface packets must have come in by.</summary>
    public string? InputInterface { get; init; }

    /// <summary>Who made the rule: ours are known by <see cref="RouteNetlink.OwnProtocol"/>.</summary>
    public byte Protocol { get; init; } = RouteNetlink.OwnProtocol;
}
