using FsCheck.Xunit;

namespace Vpr.Masque.Tests;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::42", true)]
    [InlineData("::", true)]
    [InlineData("::ffff:192.0.2.1", true)]
    [InlineData("1", false)]
    [InlineData("0x7f.0.0.1", false)]
    [InlineData("192.0.2.01", false)]
    [InlineData("192.0.2", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("example.org", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Text(string? text, bool valid)
    {
        Assert.Equal(valid, IpAddress.TryParse(text, out IpAddress address));
        if (valid) Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.1/8", false)] // bits behind the prefix
    [InlineData("10.0.0.1", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0/-1", false)]
    [InlineData("10.0.0.0/", false)]
    [InlineData("::/0", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("fd00::1/64", false)]
    [InlineData("fd00::/129", false)]
    public void Prefixes(string text, bool valid) => Assert.Equal(valid, IpPrefix.TryParse(text, out _));

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.255.255", "10.2.0.0")]
    [InlineData("fd00:1::/32", "fd00:1:ffff:ffff:ffff:ffff:ffff:ffff", "fd00:2::")]
    [InlineData("192.0.2.7/32", "192.0.2.7", "192.0.2.8")]
    public void PrefixEndsWhereItsBitsSay(string text, string last, string beyond)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix));
        Assert.Equal(AddressPoolTests.Address(last), prefix.Last);
        Assert.True(prefix.Contains(prefix.Address));
        Assert.True(prefix.Contains(prefix.Last));
        Assert.False(prefix.Contains(AddressPoolTests.Address(beyond)));
        Assert.Equal(new AddressRange(prefix.Address, prefix.Last), prefix.ToRange());
    }

    [Theory]
    [InlineData("224.0.0.1", true, true, false)]
    [InlineData("239.1.2.3", true, false, false)]
    [InlineData("255.255.255.255", true, false, false)]
    [InlineData("240.0.0.1", false, false, false)]
    [InlineData("169.254.1.1", false, true, false)]
    [InlineData("127.9.9.9", false, false, true)]
    [InlineData("ff02::1", true, true, false)]
    [InlineData("ff0e::1", true, false, false)]
    [InlineData("fe80::1", false, true, false)]
    [InlineData("febf::1", false, true, false)]
    [InlineData("fec0::1", false, false, false)]
    [InlineData("::1", false, false, true)]
    [InlineData("2001:db8::1", false, false, false)]
    [InlineData("192.0.2.1", false, false, false)]
    public void Scopes(string text, bool multicast, bool linkLocal, bool loopback)
    {
        IpAddress address = AddressPoolTests.Address(text);
        Assert.Equal((multicast, linkLocal, loopback), (address.IsMulticast, address.IsLinkLocal, address.IsLoopback));
    }

    [Property]
    public bool OctetsRoundTrip(ulong high, ulong low, bool v6)
    {
        IpAddress address = v6 ? new(IpVersion.V6, new UInt128(high, low)) : new(IpVersion.V4, (uint)(low & uint.MaxValue));
        byte[] octets = new byte[16];
        int length = address.Write(octets);
        return IpAddress.Read(address.Version, octets.AsSpan(0, length)) == address
            && IpAddress.From(address.ToIPAddress()).ToString().Length > 1
            && address.ToIPAddress().GetAddressBytes().AsSpan().SequenceEqual(octets.AsSpan(0, length));
    }
}
