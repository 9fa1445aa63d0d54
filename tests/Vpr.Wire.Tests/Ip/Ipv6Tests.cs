using Vpr.Wire.Ip;

namespace Vpr.Wire.Tests.Ip;

[Trait("rfc", "8200 §4")]
public class Ipv6Tests
{
    private const string Addresses = "20010db800000000000000000000000120010db8000000000000000000000002";

    [Fact]
    [Trait("rfc", "8200 §3")]
    [Trait("rfc", "4443 §4.1")]
    public void AnEchoRequestIsRead()
    {
        byte[] bytes = Hex.Bytes("6001234500103a40" + Addresses + "80 00 4f82 4321 0007 6162636465666768");
        Assert.True(Ipv6Packet.TryParse(bytes, out Ipv6Packet packet));
        Assert.Equal((0x12345u, 16, 64, 0), (packet.Header.FlowLabel, packet.Header.PayloadLength, packet.Header.HopLimit, packet.Extensions.Count));
        Assert.Equal(IpProtocol.Icmpv6, packet.Protocol);
        Icmpv6Header echo = Samples.Parse<Icmpv6Header>(packet.Payload.ToArray());
        Assert.Equal((Icmpv6Type.EchoRequest, 0x4321, 7, false), (echo.Type, echo.Identifier, echo.SequenceNumber, echo.IsError));
        ulong pseudo = InternetChecksum.PseudoHeader(packet.Header.SourceAddress, packet.Header.DestinationAddress, IpProtocol.Icmpv6, packet.Payload.Length);
        Assert.True(InternetChecksum.IsValid(pseudo, packet.Payload));
        Assert.Equal(bytes[..40], Samples.Write(packet.Header));
    }

    [Fact]
    [Trait("rfc", "8200 §4.1")]
    public void TheChainOfExtensionHeadersIsWalked()
    {
        byte[] bytes = Hex.Bytes(
            "60012345002c0040" + Addresses + "3c00050200000100 2b00010400000000 2c00000000000000 1100000100000007 14e90035000c9f5770696e67");
        Assert.True(Ipv6Packet.TryParse(bytes, out Ipv6Packet packet));
        Assert.Equal((4, true), (packet.Extensions.Count, packet.Extensions.IsFragment));
        Assert.Equal(IpProtocol.Udp, packet.Protocol);
        Assert.Equal(12, packet.Payload.Length);
        Assert.Equal(32, packet.Extensions.Encoded.Length);
    }

    [Fact]
    [Trait("rfc", "8200 §4.5")]
    public void BehindALaterFragmentNothingIsRead()
    {
        // Next header 60 belongs to the whole packet; these bytes are from its middle.
        Assert.True(Ipv6ExtensionHeaders.TryParse(IpProtocol.Fragment, Hex.Bytes("3c00001000000007 ffff"), out Ipv6ExtensionHeaders chain));
        Assert.Equal((1, true, IpProtocol.DestinationOptions), (chain.Count, chain.IsFragment, chain.Protocol));
        Assert.Equal(2, chain.Payload.Length);
    }

    [Fact]
    [Trait("rfc", "6946 §4")]
    public void AnAtomicFragmentIsNone()
    {
        Assert.True(Ipv6ExtensionHeaders.TryParse(IpProtocol.Fragment, Hex.Bytes("1100000000000007"), out Ipv6ExtensionHeaders chain));
        Assert.False(chain.IsFragment);
    }

    [Fact]
    [Trait("rfc", "8200 §4.1")]
    public void HopByHopOptionsStandFirstOrNowhere()
    {
        Assert.True(Ipv6ExtensionHeaders.TryParse(IpProtocol.HopByHopOptions, Hex.Bytes("3c00010400000000 1100010400000000"), out _));
        Assert.False(Ipv6ExtensionHeaders.TryParse(IpProtocol.DestinationOptions, Hex.Bytes("0000010400000000 1100010400000000"), out _));
    }

    [Fact]
    [Trait("rfc", "4302 §2.2")]
    public void AnAuthenticationHeaderCountsWords()
    {
        // 24 bytes: 4 words and two; behind it mobility (8 bytes) and nothing.
        byte[] chain = Hex.Bytes("87 04 0000 00000001 00000002 0102030405060708090a0b0c 3b00 000000000000");
        Assert.True(Ipv6ExtensionHeaders.TryParse(IpProtocol.Authentication, chain, out Ipv6ExtensionHeaders value));
        Assert.Equal((2, IpProtocol.NoNextHeader, 0), (value.Count, value.Protocol, value.Payload.Length));
        Assert.False(Ipv6ExtensionHeaders.TryParse(IpProtocol.Authentication, chain.AsSpan(0, 23), out _));
    }

    [Fact]
    [Trait("rfc", "8200 §4.1")]
    public void BehindEncryptionTheWalkEnds()
    {
        Assert.True(Ipv6ExtensionHeaders.TryParse(IpProtocol.EncapsulatingSecurityPayload, Hex.Bytes("00000001"), out Ipv6ExtensionHeaders value));
        Assert.Equal((0, IpProtocol.EncapsulatingSecurityPayload, 4), (value.Count, value.Protocol, value.Payload.Length));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void TheChainIsBounded(int headers, bool parses)
    {
        byte[] chain = [.. Enumerable.Range(1, headers).SelectMany(i => new byte[] { (byte)(i == headers ? 59 : 60), 0, 1, 4, 0, 0, 0, 0 })];
        Assert.Equal(parses, Ipv6ExtensionHeaders.TryParse(IpProtocol.DestinationOptions, chain, out Ipv6ExtensionHeaders value));
        Assert.Equal(parses ? headers : 0, value.Count);
    }

    [Theory]
    [InlineData("1101010400000000")]
    [InlineData("11")]
    [InlineData("")]
    public void AHeaderCutShortIsRefused(string hex) =>
        Assert.False(Ipv6ExtensionHeaders.TryParse(IpProtocol.DestinationOptions, Hex.Bytes(hex), out _));

    [Fact]
    [Trait("rfc", "8200 §4.3")]
    public void AnExtensionHeaderHasAtMost2048Bytes()
    {
        byte[] longest = [17, 255, .. new byte[2046]];
        Assert.Equal(2046, Samples.Parse<HopByHopOptionsHeader>(longest).Options.Length);
        Assert.Equal(2044, Samples.Parse<RoutingHeader>(longest).TypeSpecificData.Length);
        Samples.Refuse<DestinationOptionsHeader>(longest[..^1]);
    }

    [Fact]
    [Trait("rfc", "4443 §3.2")]
    public void PacketTooBigNamesTheMtu()
    {
        Icmpv6Header message = Samples.Parse<Icmpv6Header>(Hex.Bytes("02 00 0000 00000500 6000"));
        Assert.Equal((Icmpv6Type.PacketTooBig, 1280u, true), (message.Type, message.Mtu, message.IsError));
    }
}
