using Vpr.Hosting.Configuration;

namespace Vpr.Hosting.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("vpn.example.org", "vpn.example.org", 443)]
    [InlineData("vpn.example.org:8443", "vpn.example.org", 8443)]
    [InlineData("192.0.2.1", "192.0.2.1", 443)]
    [InlineData("192.0.2.1:1", "192.0.2.1", 1)]
    [InlineData("2001:db8::1", "2001:db8::1", 443)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 443)]
    [InlineData("[2001:db8::1]:65535", "2001:db8::1", 65535)]
    public void An_address_is_understood(string text, string host, int port)
    {
        Assert.True(ServerAddress.TryParse(text, out ServerAddress? address));
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.True(ServerAddress.TryParse(address.ToString(), out ServerAddress? again));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":443")]
    [InlineData("vpn.example.org:")]
    [InlineData("vpn.example.org:0")]
    [InlineData("vpn.example.org:65536")]
    [InlineData("vpn.example.org:44 3")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]443")]
    [InlineData("a b")]
    public void What_is_no_address_is_refused(string text) => Assert.False(ServerAddress.TryParse(text, out _));
}
