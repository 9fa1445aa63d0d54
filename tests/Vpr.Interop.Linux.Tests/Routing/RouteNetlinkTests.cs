using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Vpr.Interop.Linux.Tests;

/// <summary>What we set, <c>ip</c> must see; what <c>ip</c> sets, we must see.</summary>
public sealed class RouteNetlinkTests
{
    private const uint TunnelTable = 51820;

    [NetworkFact]
    public void Links_are_found_switched_resized_and_deleted() => InNamespace(netlink =>
    {
        Assert.Null(netlink.FindLink("nothere"));
        Link link = netlink.FindLink("left")!;
        Assert.Equal(("left", "veth"), (link.Name, link.Kind));
        Assert.Equal(Tool.Json("ip", "-j link show left")[0].GetProperty("ifindex").GetInt32(), link.Index);

        netlink.SetMtu(link.Index, 1380);
        netlink.SetLinkUp(link.Index, up: false);
        JsonElement shown = Tool.Json("ip", "-j link show left")[0];
        Assert.Equal(1380, shown.GetProperty("mtu").GetInt32());
        Assert.DoesNotContain("UP", Flags(shown));
        netlink.SetLinkUp(link.Index);
        netlink.SetLinkUp(link.Index);
        Assert.Contains("UP", Flags(Tool.Json("ip", "-j link show left")[0]));
        Assert.True(netlink.FindLink("left") is { IsUp: true, Mtu: 1380 });

        Assert.Equal(["left", "lo", "right"], netlink.GetLinks().Select(each => each.Name).Order());
        Assert.True(netlink.DeleteLink(link.Index));
        Assert.False(netlink.DeleteLink(link.Index));
        Assert.Equal(["lo"], netlink.GetLinks().Select(each => each.Name));
        Assert.Equal(LinuxErrorCode.ENODEV, Assert.Throws<LinuxException>(() => netlink.SetLinkUp(4711)).Code);
    });

    [NetworkTheory]
    [InlineData("10.7.0.2", 24)]
    [InlineData("10.7.0.2", 32)]
    [InlineData("fd00:7::2", 64)]
    [InlineData("fd00:7::2", 128)]
    public void An_address_is_added_twice_and_removed_once(string text, int prefixLength) => InNamespace(netlink =>
    {
        InterfaceAddress address = new(netlink.FindLink("left")!.Index, IPAddress.Parse(text), prefixLength);
        netlink.AddAddress(address);
        netlink.AddAddress(address);
        JsonElement shown = Assert.Single(
            Tool.Json("ip", "-j addr show left")[0].GetProperty("addr_info").EnumerateArray(),
            each => each.GetProperty("local").GetString() == text);
        Assert.Equal(prefixLength, shown.GetProperty("prefixlen").GetInt32());
        // Duplicate address detection would leave it unusable for a second.
        Assert.False(shown.TryGetProperty("tentative", out _));
        Assert.Contains(address, netlink.GetAddresses(address.Link));
        Assert.Contains(address, netlink.GetAddresses());
        Assert.DoesNotContain(netlink.GetAddresses(netlink.FindLink("lo")!.Index), each => each.Link != 1);

        Assert.True(netlink.RemoveAddress(address));
        Assert.False(netlink.RemoveAddress(address));
        Assert.DoesNotContain(address, netlink.GetAddresses(address.Link));
    });

    [NetworkFact]
    public void Addresses_on_a_link_without_ipv6_are_refused_with_the_kernels_words() => InNamespace(netlink =>
    {
        File.WriteAllText("/proc/sys/net/ipv6/conf/left/disable_ipv6", "1");
        LinuxException refused = Assert.Throws<LinuxException>(
            () => netlink.AddAddress(new InterfaceAddress(netlink.FindLink("left")!.Index, IPAddress.Parse("fd00::1"), 64)));
        Assert.Equal(LinuxErrorCode.EACCES, refused.Code);
        Assert.Contains("disabled", refused.Message, StringComparison.Ordinal);
    });

    [NetworkTheory]
    [InlineData("192.0.2.0/24", "10.0.0.2", null, 254u, 0u)]
    [InlineData("0.0.0.0/0", "10.0.0.2", "10.0.0.1", 51820u, 77u)]
    [InlineData("0.0.0.0/0", null, null, 51820u, 0u)]
    [InlineData("203.0.113.9/32", null, "10.0.0.1", 200u, 5u)]
    [InlineData("2001:db8:1::/48", "fd00::2", null, 254u, 0u)]
    [InlineData("::/0", "fd00::2", "fd00::1", 51820u, 77u)]
    [InlineData("::/0", null, null, 51820u, 0u)]
    public void A_route_is_replaced_seen_and_removed(string destination, string? gateway, string? source, uint table, uint metric) => InNamespace(netlink =>
    {
        int left = netlink.FindLink("left")!.Index;
        Route route = new()
        {
            Destination = IPNetwork.Parse(destination),
            Link = left,
            Gateway = gateway is null ? null : IPAddress.Parse(gateway),
            PreferredSource = source is null ? null : IPAddress.Parse(source),
            Table = table,
            Metric = metric,
        };
        bool isIpv6 = destination.Contains(':');
        netlink.ReplaceRoute(route);
        netlink.ReplaceRoute(route);

        string family = isIpv6 ? "-6" : "-4";
        JsonElement shown = Assert.Single(Tool.Json("ip", $"{family} -j route show table {table} proto {RouteNetlink.OwnProtocol}").EnumerateArray());
        string expected = destination.EndsWith("/0", StringComparison.Ordinal) ? "default" : destination.Replace("/32", "", StringComparison.Ordinal);
        Assert.Equal(expected, shown.GetProperty("dst").GetString());
        Assert.Equal("left", shown.GetProperty("dev").GetString());
        Assert.Equal(gateway, shown.TryGetProperty("gateway", out JsonElement via) ? via.GetString() : null);
        Assert.Equal(source, shown.TryGetProperty("prefsrc", out JsonElement prefsrc) ? prefsrc.GetString() : null);

        Route listed = Assert.Single(netlink.GetRoutes(AddressFamily.Unspecified, table), each => each.Protocol == RouteNetlink.OwnProtocol);
        Assert.Equal(route with { Metric = metric == 0 && isIpv6 ? 1024u : metric }, listed);
        Assert.True(netlink.RemoveRoute(route));
        Assert.False(netlink.RemoveRoute(route));
        Assert.DoesNotContain(netlink.GetRoutes(AddressFamily.Unspecified, table), each => each.Protocol == RouteNetlink.OwnProtocol);
    });

    [NetworkFact]
    public void The_kernel_tells_how_a_destination_is_reached() => InNamespace(netlink =>
    {
        int left = netlink.FindLink("left")!.Index;
        Tool.Run("ip", "route add 198.51.100.0/24 via 10.0.0.2");
        Tool.Run("ip", "-6 route add 2001:db8:2::/48 via fd00::2");
        Tool.Run("ip", "route add unreachable 198.51.101.0/24");
        Tool.Run("ip", "route add default via 10.0.0.9 table 77");
        Tool.Run("ip", "rule add fwmark 0x4d table 77");
        Tool.Run("ip", "route add 198.51.102.0/24 via inet6 fd00::2 dev left");

        Assert.Equal(
            new RouteLookup(left, IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.1"), RouteNetlink.MainTable, RouteKind.Unicast),
            netlink.FindRoute(IPAddress.Parse("198.51.100.7")));
        Assert.Equal(
            new RouteLookup(left, null, IPAddress.Parse("10.0.0.1"), RouteNetlink.MainTable, RouteKind.Unicast),
            netlink.FindRoute(IPAddress.Parse("10.0.0.2")));
        Assert.Equal(
            new RouteLookup(left, IPAddress.Parse("fd00::2"), IPAddress.Parse("fd00::1"), RouteNetlink.MainTable, RouteKind.Unicast),
            netlink.FindRoute(IPAddress.Parse("2001:db8:2::1")));
        Assert.Equal(IPAddress.Parse("fd00::2"), netlink.FindRoute(IPAddress.Parse("198.51.102.1"))!.Gateway);
        Assert.Equal(RouteKind.Local, netlink.FindRoute(IPAddress.Parse("10.0.0.1"))!.Kind);
        Assert.Equal(IPAddress.Parse("10.0.0.9"), netlink.FindRoute(IPAddress.Parse("192.0.2.1"), mark: 0x4d)!.Gateway);
        Assert.Null(netlink.FindRoute(IPAddress.Parse("192.0.2.1")));
        Assert.Null(netlink.FindRoute(IPAddress.Parse("198.51.101.1")));
        Assert.Null(netlink.FindRoute(IPAddress.Parse("2001:db8:3::1")));
    });

    [NetworkTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void The_rules_of_wg_quick_send_all_but_the_tunnels_own_traffic_into_the_tunnel(AddressFamily family) => InNamespace(netlink =>
    {
        bool isIpv4 = family == AddressFamily.InterNetwork;
        int right = netlink.FindLink("right")!.Index;
        netlink.ReplaceRoute(new Route { Destination = IPNetwork.Parse(isIpv4 ? "0.0.0.0/0" : "::/0"), Link = right, Table = TunnelTable });
        RoutingRule tunnel = new() { Family = family, Mark = TunnelTable, IsInverted = true, Table = TunnelTable };
        RoutingRule main = new() { Family = family, SuppressPrefixLength = 0 };
        Assert.True(netlink.AddRule(tunnel));
        Assert.True(netlink.AddRule(main));
        Assert.False(netlink.AddRule(tunnel));
        Assert.False(netlink.AddRule(main));

        JsonElement[] shown = [.. Tool.Json("ip", $"{(isIpv4 ? "-4" : "-6")} -j rule show").EnumerateArray()];
        JsonElement inverted = Assert.Single(shown, rule => rule.TryGetProperty("fwmark", out _));
        Assert.True(inverted.TryGetProperty("not", out _));
        Assert.Equal("0xca6c", inverted.GetProperty("fwmark").GetString());
        Assert.Equal(TunnelTable.ToString(System.Globalization.CultureInfo.InvariantCulture), inverted.GetProperty("table").GetString());
        JsonElement suppressing = Assert.Single(shown, rule => rule.TryGetProperty("suppress_prefixlen", out _));
        Assert.Equal("main", suppressing.GetProperty("table").GetString());

        // The proof of the set-up: what is marked leaves as before, what is on the link stays there, the rest goes into the tunnel.
        IPAddress far = IPAddress.Parse(isIpv4 ? "192.0.2.1" : "2001:db8::1"), near = IPAddress.Parse(isIpv4 ? "10.0.0.2" : "fd00::2");
        Assert.Equal(right, netlink.FindRoute(far)!.Link);
        Assert.Null(netlink.FindRoute(far, TunnelTable));
        Assert.NotEqual(right, netlink.FindRoute(near)!.Link);

        Assert.True(netlink.RemoveRule(tunnel));
        Assert.True(netlink.RemoveRule(main));
        Assert.False(netlink.RemoveRule(tunnel));
        Assert.False(netlink.RemoveRule(main));
        Assert.Null(netlink.FindRoute(far));
    });

    [NetworkFact]
    public void What_a_killed_process_left_is_told_from_what_others_made() => InNamespace(netlink =>
    {
        int left = netlink.FindLink("left")!.Index;
        Tool.Run("ip", $"route add 192.0.2.0/24 dev left table {TunnelTable}");
        Tool.Run("ip", $"rule add fwmark 7 table {TunnelTable} priority 500");
        foreach (string destination in (string[])["0.0.0.0/0", "198.51.100.0/24", "::/0"])
            netlink.ReplaceRoute(new Route { Destination = IPNetwork.Parse(destination), Link = left, Table = TunnelTable });
        netlink.AddRule(new RoutingRule { Family = AddressFamily.InterNetwork, Mark = TunnelTable, IsInverted = true, Table = TunnelTable });
        netlink.AddRule(new RoutingRule { Family = AddressFamily.InterNetworkV6, Mark = TunnelTable, IsInverted = true, Table = TunnelTable });
        netlink.AddRule(new RoutingRule { Family = AddressFamily.InterNetwork, From = IPNetwork.Parse("10.1.0.0/16"), Table = 9, Priority = 400 });

        Assert.Equal(3, netlink.RemoveOwnRoutes(TunnelTable));
        Assert.Equal(2, netlink.RemoveOwnRules(rule => rule.Table == TunnelTable));
        Assert.Single(netlink.GetRoutes(AddressFamily.InterNetwork, TunnelTable));
        Assert.Equal([0u, 400u, 500u, 32766u, 32767u], netlink.GetRules(AddressFamily.InterNetwork).Select(rule => rule.Priority ?? 0));
        Assert.Equal(
            new RoutingRule { Family = AddressFamily.InterNetwork, From = IPNetwork.Parse("10.1.0.0/16"), Table = 9, Priority = 400 },
            netlink.GetRules(AddressFamily.InterNetwork)[1]);
    });

    [NetworkFact]
    public void Lists_longer_than_one_datagram_are_whole() => InNamespace(netlink =>
    {
        int left = netlink.FindLink("left")!.Index;
        for (int i = 0; i < 1000; i++)
            netlink.ReplaceRoute(new Route { Destination = IPNetwork.Parse($"172.16.{i / 250}.{i % 250}/32"), Link = left, Table = 99 });
        Assert.Equal(1000, netlink.GetRoutes(AddressFamily.InterNetwork, 99).Count);
        Assert.Equal(1000, netlink.RemoveOwnRoutes(99));
    });

    private static IEnumerable<string?> Flags(JsonElement link) => link.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString());

    /// <summary>A namespace with a pair of links, left (10.0.0.1, fd00::1) and right, both up.</summary>
    private static void InNamespace(Action<RouteNetlink> body) => NetworkNamespace.Run(() =>
    {
        Tool.Run("ip", "link add left type veth peer name right");
        Tool.Run("ip", "addr add 10.0.0.1/24 dev left");
        Tool.Run("ip", "-6 addr add fd00::1/64 dev left nodad");
        Tool.Run("ip", "link set left up");
        Tool.Run("ip", "link set right up");
        using RouteNetlink netlink = new();
        body(netlink);
    });
}
