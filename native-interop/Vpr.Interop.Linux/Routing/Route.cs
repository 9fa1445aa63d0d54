using System.Net;

namespace Vpr.Interop.Linux;

/// <summary>What a route does with a packet.</summary>
/// <remarks>linux/rtnetlink.h, rtm_type</remarks>
public enum RouteKind : byte
{
    /// <summary>Forwards it (RTN_UNICAST).</summary>
    Unicast = 1,

    /// <summary>Delivers it here (RTN_LOCAL).</summary>
    Local = 2,

    /// <summary>Broadcasts it on the link (RTN_BROADCAST).</summary>
    Broadcast = 3,

    /// <summary>Delivers it here as one of several hosts with the address (RTN_ANYCAST).</summary>
    Anycast = 4,

    /// <summary>Multicasts it (RTN_MULTICAST).</summary>
    Multicast = 5,

    /// <summary>Drops it in silence (RTN_BLACKHOLE).</summary>
    Blackhole = 6,

    /// <summary>Drops it and says that the host is unreachable (RTN_UNREACHABLE).</summary>
    Unreachable = 7,

    /// <summary>Drops it and says that it is forbidden (RTN_PROHIBIT).</summary>
    Prohibit = 8,
}

/// <summary>A route: where packets to a destination go.</summary>
/// <remarks>rtnetlink(7), RTM_NEWROUTE</remarks>
public sealed record Route
{
    /// <summary>The destinations; its family is the route's.</summary>
    public required IPNetwork Destination { get; init; }

    /// <summary>The index of the interface packets leave by; 0 when the gateway alone decides.</summary>
    public int Link { get; init; }

    /// <summary>The next router; <see langword="null"/> when the destinations are on the link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The source address for packets of this host; <see langword="null"/> lets the kernel choose.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>The table the route is in.</summary>
    public uint Table { get; init; } = RouteNetlink.MainTable;

    /// <summary>The lower of two routes to the same destinations wins; 0 is the kernel's default, which it shows as 1024 for IPv6.</summary>
    public uint Metric { get; init; }

    /// <summary>What happens to packets.</summary>
    public RouteKind Kind { get; init; } = RouteKind.Unicast;

    /// <summary>Who made the route (rtm_protocol): ours are known by <see cref="RouteNetlink.OwnProtocol"/>.</summary>
    public byte Protocol { get; init; } = RouteNetlink.OwnProtocol;
}
