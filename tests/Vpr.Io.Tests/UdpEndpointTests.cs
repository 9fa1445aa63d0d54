using System.Net;

namespace Vpr.Io.Tests;

public class UdpEndpointTests
{
    [Theory]
    [InlineData("192.0.2.1", 443)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("255.255.255.255", 65535)]
    [InlineData("2001:db8::1", 443)]
    [InlineData("::", 1)]
    [InlineData("::1", 1)]
    public void The_frameworks_type_and_back_gives_the_same(string address, int port)
    {
        IPEndPoint endpoint = new(IPAddress.Parse(address), port);
        UdpEndpoint value = UdpEndpoint.From(endpoint);
        Assert.Equal(endpoint, value.ToIPEndPoint());
        Assert.Equal(endpoint.ToString(), value.ToString());
        Assert.Equal(endpoint.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork, value.IsIpv4);
    }

    [Fact]
    [Trait("rfc", "4291 §2.5.5.2")]
    public void IPv4_is_kept_in_its_mapped_form()
    {
        UdpEndpoint value = UdpEndpoint.FromIpv4(0xC0000201, 443);
        Assert.True(value.IsIpv4);
        Assert.Equal(new UInt128(0, 0x0000_FFFF_C000_0201), value.Address);
        Assert.Equal(value, UdpEndpoint.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 443)));
        // A dual-stack socket reports the same peer in mapped form: one peer, one value.
        Assert.Equal(value, UdpEndpoint.From(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 443)));
    }

    [Theory]
    [InlineData("::c000:201")]
    [InlineData("::fffe:c000:201")]
    [InlineData("1::ffff:c000:201")]
    public void What_only_resembles_a_mapped_address_is_not_IPv4(string address) =>
        Assert.False(UdpEndpoint.From(new IPEndPoint(IPAddress.Parse(address), 1)).IsIpv4);

    [Fact]
    public void A_link_local_address_keeps_its_interface()
    {
        UdpEndpoint value = UdpEndpoint.From(new IPEndPoint(IPAddress.Parse("fe80::1%7"), 9));
        Assert.Equal(7u, value.ScopeId);
        Assert.Equal(7, value.ToIPEndPoint().Address.ScopeId);
        Assert.NotEqual(value, value with { ScopeId = 8 });
    }
}
