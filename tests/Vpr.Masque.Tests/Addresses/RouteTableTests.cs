using FsCheck.Xunit;
using Vpr.Wire.Ip;

namespace Vpr.Masque.Tests;

[Trait("rfc", "9484 §4.7.3")]
public sealed class RouteTableTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("10.0.0.0-10.0.0.255", true)]
    [InlineData("10.0.0.9-10.0.0.8", false)] // ends before it starts
    [InlineData("10.0.0.0-10.0.0.5 10.0.0.6-10.0.0.9", true)] // touching is no overlap
    [InlineData("10.0.0.0-10.0.0.5 10.0.0.5-10.0.0.9", false)] // overlap
    [InlineData("10.0.1.0-10.0.1.5 10.0.0.0-10.0.0.9", false)] // addresses in the wrong order
    [InlineData("::-::1 10.0.0.0-10.0.0.5", false)] // versions in the wrong order
    [InlineData("10.0.0.0-10.0.0.5 ::-::1", true)]
    [InlineData("10.0.1.0-10.0.1.5 10.0.0.0-10.0.0.9/6", true)] // a higher protocol may begin lower
    [InlineData("10.0.0.0-10.0.0.9/17 10.0.1.0-10.0.1.5/6", false)] // protocols in the wrong order
    [InlineData("10.0.0.0-10.0.0.9/6 10.0.0.0-10.0.0.9/17", true)]
    [InlineData("10.0.0.0-10.0.0.9 10.0.0.9-10.0.0.20/6", false)] // all protocols overlap one
    [InlineData("10.0.0.0-10.0.0.9 ::-::1/6", true)]
    public void OrderIsChecked(string ranges, bool valid) => Assert.Equal(valid, RouteTable.TryCreate(Ranges(ranges), out _));

    [Theory]
    [InlineData("10.0.0.5", 6, true)]
    [InlineData("10.0.0.4", 6, false)]
    [InlineData("10.0.0.10", 17, false)] // the range is for TCP alone
    [InlineData("10.0.0.10", 6, true)]
    [InlineData("10.0.0.10", 1, true)] // ICMP passes whatever the protocol
    [InlineData("10.0.0.10", 58, false)] // ICMPv6 is no ICMP of IPv4
    [InlineData("10.0.0.20", 1, false)]
    [InlineData("2001:db8::5", 17, true)]
    [InlineData("2001:db8::5", 58, true)]
    [InlineData("2001:db8:1::", 17, false)]
    [InlineData("10.0.0.9", 0, true)]
    public void Lookup(string address, byte protocol, bool routed)
    {
        Assert.True(RouteTable.TryCreate(
            Ranges("10.0.0.5-10.0.0.9 10.0.0.10-10.0.0.12/6 2001:db8::-2001:db8::ffff/17"), out RouteTable? table));
        Assert.Equal(routed, table.Contains(AddressPoolTests.Address(address), (IpProtocol)protocol));
    }

    [Fact]
    public void NormalizingMergesOrdersAndRemovesOverlapWithAllProtocols()
    {
        RouteTable table = RouteTable.Normalize(Ranges(
            "2001:db8::-2001:db8::1 10.0.0.8-10.0.0.12 10.0.0.0-10.0.0.9 10.0.0.13-10.0.0.14 10.0.0.10-10.0.0.20/6 10.0.0.1-10.0.0.2/17"));
        Assert.Equal(Ranges("10.0.0.0-10.0.0.14 10.0.0.15-10.0.0.20/6 2001:db8::-2001:db8::1"), table.Ranges.ToArray());
    }

    [Fact]
    public void WholeSpacesNormalizeToThemselves()
    {
        RouteTable table = RouteTable.Normalize([.. RouteTable.Everything.Ranges, .. RouteTable.Everything.Ranges]);
        Assert.Equal(RouteTable.Everything.Ranges.ToArray(), table.Ranges.ToArray());
        Assert.True(table.Contains(new IpAddress(IpVersion.V6, UInt128.MaxValue), IpProtocol.Tcp));
        Assert.True(table.Contains(new IpAddress(IpVersion.V4, uint.MaxValue), IpProtocol.Udp));
    }

    [Property(MaxTest = 500)]
    public bool NormalizedTablesObeyTheOrderAndRouteTheSame((byte Start, byte Length, byte Protocol)[] given, byte probe, byte probeProtocol)
    {
        AddressRange[] ranges = Array.ConvertAll(given, item => new AddressRange(
            new IpAddress(IpVersion.V4, item.Start), new IpAddress(IpVersion.V4, (UInt128)item.Start + item.Length), (IpProtocol)(item.Protocol % 3 * 6)));
        RouteTable table = RouteTable.Normalize(ranges);
        IpAddress address = new(IpVersion.V4, probe);
        IpProtocol protocol = (IpProtocol)(probeProtocol % 3 * 6);
        bool expected = Array.Exists(ranges, range => range.Contains(address) && (range.Protocol == AddressRange.AllProtocols || range.Protocol == protocol));
        return RouteTable.TryCreate(table.Ranges, out _) && table.Contains(address, protocol) == expected;
    }

    [Fact]
    public void InvalidRangeOfOurOwnIsMisuse() => Assert.Throws<ArgumentException>(() => RouteTable.Normalize(Ranges("10.0.0.9-10.0.0.8")));

    private static AddressRange[] Ranges(string text) =>
        Array.ConvertAll(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), static item =>
        {
            string[] parts = item.Split('-', '/');
            return new AddressRange(
                AddressPoolTests.Address(parts[0]), AddressPoolTests.Address(parts[1]), parts.Length > 2 ? (IpProtocol)byte.Parse(parts[2]) : AddressRange.AllProtocols);
        });
}
