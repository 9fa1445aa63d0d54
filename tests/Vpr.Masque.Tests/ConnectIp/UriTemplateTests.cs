using Vpr.Wire.Ip;

namespace Vpr.Masque.Tests;

[Trait("rfc", "9484 §3, §4.6")]
public sealed class UriTemplateTests
{
    [Theory]
    [InlineData("https://example.org/.well-known/masque/ip/{target}/{ipproto}/", "*", "*", "/.well-known/masque/ip/*/*/")]
    [InlineData("https://proxy.example.org:4443/masque/ip?t={target}&i={ipproto}", "2001:db8::42", "17", "/masque/ip?t=2001%3Adb8%3A%3A42&i=17")]
    [InlineData("https://proxy.example.org:4443/masque/ip{?target,ipproto}", "192.0.2.0/24", "*", "/masque/ip?target=192.0.2.0%2F24&ipproto=*")]
    [InlineData("https://proxy.example.org/masque/ip?x=1{&target,ipproto}", "*", "6", "/masque/ip?x=1&target=*&ipproto=6")]
    [InlineData("https://proxy.example.org/{target,ipproto}/{other}", "a", "b", "/a,b/")]
    [InlineData("https://masque.example.org/?user=bob", "*", "*", "/?user=bob")]
    public void Expansion(string text, string target, string protocol, string path)
    {
        Assert.True(UriTemplate.TryParse(text, out UriTemplate? template));
        Assert.Equal(path, template.Expand(new("target", target), new("ipproto", protocol)));
        Assert.Equal("https", template.Scheme);
        Assert.EndsWith("example.org", template.Authority.Split(':')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/path/{target}")] // not absolute
    [InlineData("https://example.org")] // no path
    [InlineData("https:///{target}")] // no authority
    [InlineData("https://{target}/")] // an expression in front of the path
    [InlineData("https://example.org/{+target}")]
    [InlineData("https://example.org/{#target}")]
    [InlineData("https://example.org/{/target}")]
    [InlineData("https://example.org/{;target}")]
    [InlineData("https://example.org/{.target*}")]
    [InlineData("https://example.org/{target:3}")]
    [InlineData("https://example.org/{}")]
    [InlineData("https://example.org/{target")]
    [InlineData("https://example.org/target}")]
    [InlineData("https://example.org/{a{b}}")]
    [InlineData("https://example.org/ä")]
    [InlineData("https://example.org/a b")]
    [InlineData("https://example.org/{target}#x")]
    public void TemplatesThatMayNotBe(string? text) => Assert.False(UriTemplate.TryParse(text, out _));

    [Theory]
    [InlineData("*", "*", true)]
    [InlineData("%2A", "%2a", true)]
    [InlineData("192.0.2.0%2F24", "17", true)]
    [InlineData("2001%3Adb8%3A%3A42", "255", true)]
    [InlineData("example.org", "*", false)]
    [InlineData("192.0.2.1%2F24", "*", false)]
    [InlineData("*", "256", false)]
    [InlineData("*", "-1", false)]
    [InlineData("", "*", false)]
    public void Scopes(string target, string protocol, bool valid) => Assert.Equal(valid, ConnectIpScope.TryParse(target, protocol, out _));

    [Fact]
    public void ScopeNarrowsTheRoutes()
    {
        Assert.True(ConnectIpScope.TryParse("192.0.2.0%2F24", "17", out ConnectIpScope scope));
        RouteTable routes = scope.Restrict(RouteTable.Everything);
        Assert.Equal("192.0.2.0-192.0.2.255 protocol Udp", Assert.Single(routes.Ranges.ToArray()).ToString());
        Assert.True(routes.Contains(AddressPoolTests.Address("192.0.2.7"), IpProtocol.Icmp));
        Assert.False(routes.Contains(AddressPoolTests.Address("192.0.3.7"), IpProtocol.Udp));
        Assert.Same(RouteTable.Everything, ConnectIpScope.Everything.Restrict(RouteTable.Everything));
    }
}
