using System.Net;
using Vpr.Io;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>What macOS is given and gives, byte by byte.</summary>
public sealed class SocketLayoutTests
{
    private static readonly SocketAbi MacOS = SocketAbi.MacOS;

    [Fact]
    public void Sockaddr_in_begins_with_its_length()
    {
        UdpEndpoint endpoint = Endpoint("192.0.2.1:443");
        byte[] bytes = new byte[SocketAddress.MaxSize];
        Assert.Equal(16, SocketAddress.Write(bytes, MacOS, endpoint));
        Assert.Equal("1002" + "01BB" + "C0000201" + "0000000000000000", Convert.ToHexString(bytes, 0, 16));
        Assert.True(SocketAddress.TryRead(bytes.AsSpan(0, 16), MacOS, out UdpEndpoint read));
        Assert.Equal(endpoint, read);
    }

    [Fact]
    public void Sockaddr_in6_has_the_family_of_macOS()
    {
        UdpEndpoint endpoint = Endpoint("[fe80::1%3]:443");
        byte[] bytes = new byte[SocketAddress.MaxSize];
        Assert.Equal(28, SocketAddress.Write(bytes, MacOS, endpoint));
        Assert.Equal("1C1E" + "01BB" + "00000000" + "FE800000000000000000000000000001" + "03000000", Convert.ToHexString(bytes));
        Assert.True(SocketAddress.TryRead(bytes, MacOS, out UdpEndpoint read));
        Assert.Equal(endpoint, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1002")]
    [InlineData("100A01BB00000000000000000000000000000000000000000000000000000000")]
    [InlineData("1C1E01BB0000000000000000000000000000000000000000")]
    public void What_is_neither_or_cut_short_is_no_address(string bytes) =>
        Assert.False(SocketAddress.TryRead(Convert.FromHexString(bytes), MacOS, out _));

    [Fact]
    public void Control_messages_of_IPv4_are_aligned_to_four()
    {
        byte[] control = new byte[ControlMessages.Size];
        int length = ControlMessages.Write(control, MacOS, Endpoint("192.0.2.7:1"), isIpv4: true, EcnCodepoint.Ect0);
        Assert.Equal(
            "18000000" + "00000000" + "1A000000" + "00000000" + "C0000207" + "00000000"
            + "10000000" + "00000000" + "03000000" + "02000000",
            Convert.ToHexString(control, 0, length));
    }

    [Fact]
    public void Control_messages_of_IPv6_are_those_of_RFC_3542()
    {
        byte[] control = new byte[ControlMessages.Size];
        int length = ControlMessages.Write(control, MacOS, Endpoint("[2001:db8::7]:1"), isIpv4: false, EcnCodepoint.Ect1);
        Assert.Equal(
            "20000000" + "29000000" + "2E000000" + "20010DB8000000000000000000000007" + "00000000"
            + "10000000" + "29000000" + "24000000" + "01000000",
            Convert.ToHexString(control, 0, length));
    }

    [Fact]
    public void Received_control_messages_tell_our_address_and_the_ECN_bits()
    {
        UdpEndpoint local = Endpoint("0.0.0.0:443");
        EcnCodepoint ecn = EcnCodepoint.NotEct;
        // IP_RECVTOS in one byte, with the padding of four, and IP_PKTINFO.
        byte[] received = Convert.FromHexString(
            "0D000000" + "00000000" + "1B000000" + "03000000"
            + "18000000" + "00000000" + "1A000000" + "01000000" + "C0000207" + "FFFFFFFF");
        ControlMessages.Read(received, MacOS, ref local, ref ecn);
        Assert.Equal(Endpoint("192.0.2.7:443"), local);
        Assert.Equal(EcnCodepoint.CongestionExperienced, ecn);
    }

    [Theory]
    [InlineData("0B000000000000001B00000003000000")]
    [InlineData("FF000000000000001B00000003000000")]
    [InlineData("0C000000000000001B000000")]
    [InlineData("0D00000000000000")]
    public void A_length_that_cannot_be_ends_the_reading(string bytes)
    {
        UdpEndpoint local = default;
        EcnCodepoint ecn = EcnCodepoint.NotEct;
        ControlMessages.Read(Convert.FromHexString(bytes), MacOS, ref local, ref ecn);
        Assert.Equal((default(UdpEndpoint), EcnCodepoint.NotEct), (local, ecn));
    }

    private static UdpEndpoint Endpoint(string text) => UdpEndpoint.From(IPEndPoint.Parse(text));
}
