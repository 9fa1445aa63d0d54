using System.Net;
using System.Net.Sockets;

namespace Vpr.Interop.Linux;

/// <remarks>linux/rtnetlink.h</remarks>
public sealed partial class RouteNetlink
{
    private const int RTA_DST = 1;
    private const int RTA_OIF = 4;
    private const int RTA_GATEWAY = 5;
    private const int RTA_PRIORITY = 6;
    private const int RTA_PREFSRC = 7;
    private const int RTA_TABLE = 15;
    private const int RTA_MARK = 16;
    private const int RTA_VIA = 18;

    private const byte RT_SCOPE_UNIVERSE = 0;
    private const byte RT_SCOPE_LINK = 253;
    private const byte RT_SCOPE_NOWHERE = 255;
    private const byte RT_TABLE_UNSPEC = 0;
    private const uint RTM_F_CLONED = 0x200;
    private const uint RTM_F_LOOKUP_TABLE = 0x1000;

    /// <summary>The routes of one table, or of all; cached routes (learned path MTUs) are left out.</summary>
    /// <param name="family">IPv4, IPv6, or <see cref="AddressFamily.Unspecified"/> for both.</param>
    /// <param name="table">The table; <see langword="null"/> for all.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<Route> GetRoutes(AddressFamily family, uint? table = null)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.GetRoute, NetlinkFlags.Dump, new RouteMessage { Family = RouteMessages.FamilyOf(family) });
        writer.EndMessage();
        List<Route> all = _socket.Dump<Route>(writer.Written, "RTM_GETROUTE", TryParseRoute, LinuxErrorCode.EAFNOSUPPORT);
        return table is null ? all : all.FindAll(route => route.Table == table);
    }

    /// <summary>Adds a route, or replaces the one to the same destinations with the same metric in its table.</summary>
    /// <exception cref="LinuxException">The gateway or interface is not there or down, or CAP_NET_ADMIN is missing.</exception>
    public void ReplaceRoute(Route route)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = BeginRoute(
            buffer, RouteMessages.NewRoute, NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Replace, ScopeOf(route), route);
        Change(ref writer, $"RTM_NEWROUTE {route.Destination} table {route.Table}");
    }

    /// <summary>Removes a route: what is set must match, what is not set matches anything.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="LinuxException">CAP_NET_ADMIN is missing.</exception>
    public bool RemoveRoute(Route route)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = BeginRoute(buffer, RouteMessages.DeleteRoute, NetlinkFlags.Acknowledge, RT_SCOPE_NOWHERE, route);
        // A route goes with its interface, and a table with its last route: all three mean that it is not there.
        return Change(ref writer, $"RTM_DELROUTE {route.Destination} table {route.Table}", LinuxErrorCode.ESRCH, LinuxErrorCode.ENODEV);
    }

    /// <summary>Removes every route of a table that VPR made, IPv4 and IPv6: what a killed process left.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="LinuxException">CAP_NET_ADMIN is missing.</exception>
    public int RemoveOwnRoutes(uint table)
    {
        int removed = 0;
        foreach (Route route in GetRoutes(AddressFamily.Unspecified, table))
        {
            if (route.Protocol == OwnProtocol && RemoveRoute(route)) removed++;
        }

        return removed;
    }

    /// <summary>Asks how a packet of this host would reach a destination: rules, tables and all.</summary>
    /// <param name="destination">The address.</param>
    /// <param name="mark">The firewall mark the packet would carry; 0 for none.</param>
    /// <returns>The way, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="LinuxException">The kernel refuses for another reason.</exception>
    public RouteLookup? FindRoute(IPAddress destination, uint mark = 0)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        Span<byte> octets = stackalloc byte[16];
        ReadOnlySpan<byte> bytes = RouteMessages.BytesOf(destination, octets);
        RouteMessage message = new()
        {
            Family = RouteMessages.FamilyOf(destination.AddressFamily),
            DestinationLength = (byte)(bytes.Length * 8),
            // IPv4 names the table it looked into only when asked; IPv6 always does, and refuses the flag.
            Flags = destination.AddressFamily == AddressFamily.InterNetwork ? RTM_F_LOOKUP_TABLE : 0,
        };
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.GetRoute, NetlinkFlags.None, message);
        writer.Attribute(RTA_DST, bytes);
        if (mark != 0) writer.Attribute(RTA_MARK, mark);
        writer.EndMessage();
        NetlinkReply reply = _socket.Get(writer.Written, TryParseLookup, out RouteLookup? found);
        return reply.Error switch
        {
            LinuxErrorCode.None => found is { Kind: RouteKind.Blackhole or RouteKind.Unreachable or RouteKind.Prohibit } ? null : found,
            LinuxErrorCode.ENETUNREACH or LinuxErrorCode.EHOSTUNREACH or LinuxErrorCode.EACCES => null,
            _ => throw reply.ToException($"RTM_GETROUTE {destination}"),
        };
    }

    private NetlinkMessageWriter BeginRoute(Span<byte> buffer, int type, NetlinkFlags flags, byte scope, Route route)
    {
        RouteMessage message = new()
        {
            Family = RouteMessages.FamilyOf(route.Destination.BaseAddress.AddressFamily),
            DestinationLength = (byte)route.Destination.PrefixLength,
            Table = route.Table < 256 ? (byte)route.Table : RT_TABLE_UNSPEC,
            Protocol = route.Protocol,
            Scope = scope,
            Type = (byte)route.Kind,
        };
        NetlinkMessageWriter writer = Begin(buffer, type, flags, message);
        Span<byte> octets = stackalloc byte[16];
        if (route.Destination.PrefixLength > 0) writer.Attribute(RTA_DST, RouteMessages.BytesOf(route.Destination.BaseAddress, octets));
        if (route.Gateway is not null) writer.Attribute(RTA_GATEWAY, RouteMessages.BytesOf(route.Gateway, octets));
        if (route.PreferredSource is not null) writer.Attribute(RTA_PREFSRC, RouteMessages.BytesOf(route.PreferredSource, octets));
        if (route.Link != 0) writer.Attribute(RTA_OIF, (uint)route.Link);
        if (route.Metric != 0) writer.Attribute(RTA_PRIORITY, route.Metric);
        writer.Attribute(RTA_TABLE, route.Table);
        return writer;
    }

    // An IPv4 route without a gateway reaches only the link; IPv6 has no scopes here.
    private static byte ScopeOf(Route route) =>
        route is { Kind: RouteKind.Unicast, Gateway: null, Destination.BaseAddress.AddressFamily: AddressFamily.InterNetwork }
            ? RT_SCOPE_LINK
            : RT_SCOPE_UNIVERSE;

    private static bool TryParseRoute(ushort type, ReadOnlySpan<byte> body, out Route route)
    {
        route = null!;
        if (type != RouteMessages.NewRoute || !RouteMessages.TrySplit(body, out RouteMessage message, out NetlinkAttributeReader attributes)) return false;
        if ((message.Flags & RTM_F_CLONED) != 0 || message.Family is not (Libc.AF_INET or Libc.AF_INET6)) return false;
        RouteAttributes parts = RouteAttributes.Read(attributes, message);
        route = new Route
        {
            Destination = parts.Destination,
            Link = parts.Link,
            Gateway = parts.Gateway,
            PreferredSource = parts.PreferredSource,
            Table = parts.Table,
            Metric = parts.Metric,
            Kind = (RouteKind)message.Type,
            Protocol = message.Protocol,
        };
        return true;
    }

    private static bool TryParseLookup(ushort type, ReadOnlySpan<byte> body, out RouteLookup lookup)
    {
        lookup = null!;
        if (type != RouteMessages.NewRoute || !RouteMessages.TrySplit(body, out RouteMessage message, out NetlinkAttributeReader attributes)) return false;
        RouteAttributes parts = RouteAttributes.Read(attributes, message);
        lookup = new RouteLookup(parts.Link, parts.Gateway, parts.PreferredSource, parts.Table, (RouteKind)message.Type);
        return true;
    }

    private readonly record struct RouteAttributes(IPNetwork Destination, int Link, IPAddress? Gateway, IPAddress? PreferredSource, uint Table, uint Metric)
    {
        internal static RouteAttributes Read(NetlinkAttributeReader attributes, in RouteMessage message)
        {
            RouteAttributes parts = new() { Table = message.Table, Destination = RouteMessages.NetworkFrom([], message.Family, 0) };
            while (attributes.Read())
            {
                parts = attributes.Type switch
                {
                    RTA_DST => parts with { Destination = RouteMessages.NetworkFrom(attributes.Value, message.Family, message.DestinationLength) },
                    RTA_OIF => parts with { Link = (int)attributes.UInt32 },
                    RTA_GATEWAY => parts with { Gateway = RouteMessages.AddressFrom(attributes.Value) },
                    // struct rtvia: a family of 2 bytes, then a gateway of another family than the route's.
                    RTA_VIA when attributes.Value.Length > 2 => parts with { Gateway = RouteMessages.AddressFrom(attributes.Value[2..]) },
                    RTA_PREFSRC => parts with { PreferredSource = RouteMessages.AddressFrom(attributes.Value) },
                    RTA_PRIORITY => parts with { Metric = attributes.UInt32 },
                    RTA_TABLE => parts with { Table = attributes.UInt32 },
                    _ => parts,
                };
            }

            return parts;
        }
    }
}
