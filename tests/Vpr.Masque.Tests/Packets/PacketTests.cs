using System.Buffers.Binary;
using FsCheck.Xunit;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Masque.Tests;

public sealed class PacketTests
{
    [Theory]
    [Trait("rfc", "9484 §6")]
    [InlineData("192.0.2.1", "198.51.100.1")]
    [InlineData("2001:db8::1", "2001:db8:1::1")]
    public void HopLimitGoesDownByOneAndTheChecksumFollows(string source, string destination)
    {
        for (int hops = 255; hops > 1; hops--)
        {
            byte[] packet = TestPackets.Udp(source, destination, hopLimit: (byte)hops);
            Assert.True(IpPacket.TryDecrementHopLimit(packet));
            Assert.Equal(TestPackets.Udp(source, destination, hopLimit: (byte)(hops - 1)), packet);
        }

        byte[] last = TestPackets.Udp(source, destination, hopLimit: 1);
        byte[] before = [.. last];
        Assert.False(IpPacket.TryDecrementHopLimit(last));
        Assert.Equal(before, last);
    }

    [Property(MaxTest = 500)]
    public bool ChecksumOfAnyHeaderFollows(uint source, uint destination, byte hops)
    {
        byte[] packet = new byte[20];
        new Ipv4Header { InternetHeaderLength = 5, TotalLength = 20, TimeToLive = hops, SourceAddress = source, DestinationAddress = destination }.Write(packet);
        InternetChecksum.WriteIpv4Header(packet);
        bool decremented = IpPacket.TryDecrementHopLimit(packet);
        return decremented == hops > 1 && InternetChecksum.IsValid(0, packet);
    }

    [Fact]
    public void FactsOfAnIpv6PacketWithExtensionHeaders()
    {
        byte[] chain = [60, 0, 1, 4, 0, 0, 0, 0, 44, 0, 1, 4, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4, 0, 8, 0, 0];
        byte[] packet = TestPackets.Make("2001:db8::1", "2001:db8::2", IpProtocol.HopByHopOptions, chain);
        Assert.True(IpPacket.TryRead([.. packet, 0, 0, 0], out IpPacket facts)); // and padding
        Assert.Equal((IpProtocol.Udp, 40 + 24, packet.Length, true), (facts.Protocol, facts.PayloadOffset, facts.Length, facts.IsFragment));
    }

    [Theory]
    [InlineData("")]
    [InlineData("45")]
    [InlineData("00")]
    [InlineData("450000150000000040110000c0000201c6336401")] // longer than it is
    [InlineData("440000140000000040110000c0000201c6336401")] // a header of 16 bytes
    [InlineData("6000000000003a40")]
    public void WhatIsNoPacketIsRefused(string hex) => Assert.False(IpPacket.TryRead(Convert.FromHexString(hex), out _));

    [Property(MaxTest = 3000)]
    public bool AnyBytesAreReadWithinTheirBounds(byte[] bytes, bool v6)
    {
        if (bytes.Length > 0) bytes[0] = (byte)(v6 ? 0x60 : 0x45);
        return !IpPacket.TryRead(bytes, out IpPacket facts) || (facts.Length <= bytes.Length && facts.PayloadOffset <= facts.Length);
    }

    [Theory]
    [Trait("rfc", "9484 §8, 4443 §3.2, 792")]
    [InlineData("192.0.2.1", "198.51.100.1", PacketVerdict.TooBig, 3, 4, 1300)]
    [InlineData("192.0.2.1", "198.51.100.1", PacketVerdict.HopLimitExceeded, 11, 0, 0)]
    [InlineData("192.0.2.1", "198.51.100.1", PacketVerdict.NoRoute, 3, 0, 0)]
    [InlineData("192.0.2.1", "198.51.100.1", PacketVerdict.SourceNotPermitted, 3, 13, 0)]
    [InlineData("2001:db8::1", "2001:db8:1::1", PacketVerdict.TooBig, 2, 0, 1300)]
    [InlineData("2001:db8::1", "2001:db8:1::1", PacketVerdict.HopLimitExceeded, 3, 0, 0)]
    [InlineData("2001:db8::1", "2001:db8:1::1", PacketVerdict.NoRoute, 1, 0, 0)]
    [InlineData("2001:db8::1", "2001:db8:1::1", PacketVerdict.SourceNotPermitted, 1, 5, 0)]
    public void ErrorsAreWholePacketsThatQuoteTheirCause(string source, string destination, PacketVerdict verdict, byte type, byte code, int rest)
    {
        foreach (int payload in new[] { 0, 100, 1400 })
        {
            byte[] cause = TestPackets.Udp(source, destination, payload);
            IpAddress us = AddressPoolTests.Address(source.Contains(':') ? "fd00::1" : "10.77.0.1");
            byte[] error = new byte[IcmpError.MaxLength];
            int length = IcmpError.Write(verdict, cause, us, 1300, error);
            Assert.True(IpPacket.TryRead(error.AsSpan(0, length), out IpPacket facts));
            Assert.Equal((us, AddressPoolTests.Address(source), length, true), (facts.Source, facts.Destination, facts.Length, facts.IsIcmp));
            Assert.InRange(length, 1, us.Version == IpVersion.V4 ? 576 : 1280);
            ReadOnlySpan<byte> icmp = error.AsSpan(facts.PayloadOffset, length - facts.PayloadOffset);
            Assert.Equal((type, code, (uint)rest), (icmp[0], icmp[1], BinaryPrimitives.ReadUInt32BigEndian(icmp[4..])));
            Assert.True(cause.AsSpan().StartsWith(icmp[8..]));
            ulong pseudo = us.Version == IpVersion.V4 ? 0 : InternetChecksum.PseudoHeader(us.Value, facts.Destination.Value, IpProtocol.Icmpv6, icmp.Length);
            Assert.True(InternetChecksum.IsValid(pseudo, icmp));
            Assert.True(us.Version == IpVersion.V6 || InternetChecksum.IsValid(0, error.AsSpan(0, 20)));
        }
    }

    [Fact]
    [Trait("rfc", "1122 §3.2.2, 4443 §2.4")]
    public void SomePacketsAreNotAnswered()
    {
        byte[] error = new byte[IcmpError.MaxLength];
        IpAddress v4 = AddressPoolTests.Address("10.77.0.1"), v6 = AddressPoolTests.Address("fd00::1");
        byte[] fragment = TestPackets.Udp("192.0.2.1", "198.51.100.1", dontFragment: false);
        fragment[7] = 1;
        Assert.All(new (PacketVerdict, byte[], IpAddress)[]
        {
            (PacketVerdict.NoRoute, TestPackets.Udp("192.0.2.1", "224.0.1.1"), v4), // to a group
            (PacketVerdict.NoRoute, TestPackets.Udp("0.0.0.0", "192.0.2.1"), v4), // from nobody
            (PacketVerdict.NoRoute, TestPackets.Make("192.0.2.1", "192.0.2.2", IpProtocol.Icmp, [3, 0, 0, 0, 0, 0, 0, 0]), v4), // an error itself
            (PacketVerdict.NoRoute, TestPackets.Make("2001:db8::1", "2001:db8::2", IpProtocol.Icmpv6, [2, 0, 0, 0, 0, 0, 5, 0]), v6),
            (PacketVerdict.NoRoute, fragment, v4), // behind the first part
            (PacketVerdict.TooBig, TestPackets.Udp("192.0.2.1", "192.0.2.2", dontFragment: false), v4), // may be split
            (PacketVerdict.Malformed, TestPackets.Udp("192.0.2.1", "192.0.2.2"), v4),
            (PacketVerdict.LinkLocal, TestPackets.Udp("192.0.2.1", "192.0.2.2"), v4),
            (PacketVerdict.NoRoute, TestPackets.Udp("192.0.2.1", "192.0.2.2"), v6), // our address is of the other version
            (PacketVerdict.NoRoute, [1, 2, 3], v4),
        }, item => Assert.Equal(0, IcmpError.Write(item.Item1, item.Item2, item.Item3, 1300, error)));

        Assert.NotEqual(0, IcmpError.Write(PacketVerdict.NoRoute, TestPackets.EchoRequest("192.0.2.1", "192.0.2.2", 1), v4, 0, error));
        Assert.NotEqual(0, IcmpError.Write(PacketVerdict.TooBig, TestPackets.Udp("2001:db8::1", "ff0e::1"), v6, 1280, error));
    }

    [Fact]
    [Trait("rfc", "4443 §2.4 f")]
    public void ErrorsAreRationed()
    {
        IcmpRateLimit limit = default;
        Instant now = new(5_000_000_000);
        int burst = 0;
        while (limit.TryTake(now)) burst++;
        Assert.Equal(IcmpRateLimit.Burst, burst);
        int later = 0;
        for (int ms = 1; ms <= 1000; ms++)
            if (limit.TryTake(now + TimeSpan.FromMilliseconds(ms))) later++;
        Assert.Equal(IcmpRateLimit.PerSecond, later);
        Assert.True(limit.TryTake(new Instant(long.MaxValue / 2)));
    }
}
