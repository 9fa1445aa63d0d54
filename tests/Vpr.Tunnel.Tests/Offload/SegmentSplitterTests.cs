using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Testing;
using Vpr.Tunnel.Offload;

namespace Vpr.Tunnel.Tests.Offload;

public sealed class SegmentSplitterTests
{
    public static TheoryData<bool, bool> Kinds => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Segments_are_those_of_the_slow_reference(bool isIpv6, bool isUdp)
    {
        for (int seed = 1; seed <= 400; seed++)
        {
            SeededRandom random = new((ulong)seed);
            InnerPacketShape shape = Any(random, isIpv6, isUdp);
            byte[] payload = InnerPacketShape.Bytes(random.Next(0, 6000), seed);
            int size = random.Chance(0.2) ? random.Next(1, 40) : random.Next(400, 3000);
            AssertSame(shape.Split(payload, size), Split(shape.BuildPartial(payload), shape.Segmentation, size, shape.Partial), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_longest_super_packet_is_split(bool isIpv6, bool isUdp)
    {
        InnerPacketShape shape = new() { IsIpv6 = isIpv6, IsUdp = isUdp, Sequence = uint.MaxValue - 5000, Identification = 65_530 };
        byte[] payload = InnerPacketShape.Bytes(65_535 - shape.HeaderLength, 3);
        List<byte[]> segments = Split(shape.BuildPartial(payload), shape.Segmentation, 1348, shape.Partial);
        Assert.Equal((payload.Length + 1347) / 1348, segments.Count);
        AssertSame(shape.Split(payload, 1348), segments, "the longest");
    }

    [Fact]
    [Trait("rfc", "3168 §6.1.2")]
    public void FIN_and_PSH_are_on_the_last_segment_and_CWR_is_on_the_first()
    {
        InnerPacketShape shape = new() { Flags = TcpFlags.Ack | TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Cwr | TcpFlags.Ece };
        List<byte[]> segments = Split(shape.BuildPartial(new byte[2500]), Segmentation.Tcp4, 1000, shape.Partial);
        Assert.Equal(
            [TcpFlags.Ack | TcpFlags.Cwr | TcpFlags.Ece, TcpFlags.Ack | TcpFlags.Ece, TcpFlags.Ack | TcpFlags.Ece | TcpFlags.Fin | TcpFlags.Psh],
            segments.Select(segment => (TcpFlags)segment[33]));
    }

    [Fact]
    [Trait("rfc", "8200 §8.1")]
    public void Extension_headers_stay_and_the_final_destination_counts()
    {
        // A routing header with one router left, and destination options before the TCP header.
        byte[] routing = [60, 2, 2, 1, 0, 0, 0, 0, .. SlowChecksum.Address(new InnerPacketShape { IsIpv6 = true }, 9)];
        byte[] options = [6, 0, 1, 4, 0, 0, 0, 0];
        InnerPacketShape shape = new() { IsIpv6 = true, Extensions = [.. routing, .. options], ExtensionType = 43, FinalDestination = 9 };
        byte[] payload = InnerPacketShape.Bytes(3001, 4);
        AssertSame(shape.Split(payload, 1000), Split(shape.BuildPartial(payload), Segmentation.Tcp6, 1000, shape.Partial), "extension headers");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_plain_packet_with_a_partial_checksum_is_completed(bool isIpv6, bool isUdp)
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            SeededRandom random = new((ulong)seed);
            InnerPacketShape shape = Any(random, isIpv6, isUdp);
            byte[] payload = InnerPacketShape.Bytes(random.Next(0, 1400), seed), packet = shape.BuildPartial(payload), whole = shape.Build(payload);
            Assert.Equal([whole], Split(packet, Segmentation.None, 0, shape.Partial));
            Assert.True(TransportChecksum.TryComplete(packet, shape.Partial));
            Assert.True(whole.AsSpan().SequenceEqual(packet), $"seed {seed}");
        }
    }

    [Fact]
    [Trait("rfc", "768")]
    public void A_UDP_checksum_that_comes_to_zero_is_sent_as_all_ones()
    {
        InnerPacketShape shape = new() { IsUdp = true };
        byte[] payload = [0, 0];
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(shape.Build(payload).AsSpan(shape.ChecksumField));
        BinaryPrimitives.WriteUInt16BigEndian(payload, checksum);
        Assert.Equal(0xFFFF, BinaryPrimitives.ReadUInt16BigEndian(shape.Build(payload).AsSpan(shape.ChecksumField)));
        Assert.Equal([shape.Build(payload)], Split(shape.BuildPartial(payload), Segmentation.Udp, 2, shape.Partial));
        Assert.Equal([shape.Build(payload)], Split(shape.BuildPartial(payload), Segmentation.None, 0, shape.Partial));
    }

    [Fact]
    public void A_packet_that_lacks_nothing_passes_unchanged()
    {
        byte[] packet = [0x45, 1, 2, 3];
        Assert.Equal([packet], Split(packet, Segmentation.None, 0, default));
    }

    public static TheoryData<string, byte[], Segmentation, int, PartialChecksum> Malformed
    {
        get
        {
            InnerPacketShape tcp = new(), udp = new() { IsUdp = true }, tcp6 = new() { IsIpv6 = true };
            InnerPacketShape later = new() { IsIpv6 = true, ExtensionType = 44, Extensions = [6, 0, 0, 8, 0, 0, 0, 1] };
            byte[] payload = new byte[100];
            return new()
            {
                { "empty", [], Segmentation.None, 0, default },
                { "empty super-packet", [], Segmentation.Tcp4, 10, tcp.Partial },
                { "no size", tcp.BuildPartial(payload), Segmentation.Tcp4, 0, tcp.Partial },
                { "negative size", tcp.BuildPartial(payload), Segmentation.Tcp4, -1, tcp.Partial },
                { "no partial checksum", tcp.BuildPartial(payload), Segmentation.Tcp4, 10, default },
                { "checksum of another offset", tcp.BuildPartial(payload), Segmentation.Tcp4, 10, new PartialChecksum(20, 6) },
                { "checksum starts elsewhere", tcp.BuildPartial(payload), Segmentation.Tcp4, 10, new PartialChecksum(24, 16) },
                { "checksum behind the end", tcp.BuildPartial(payload), Segmentation.None, 0, new PartialChecksum(139, 0) },
                { "checksum far behind the end", tcp.BuildPartial(payload), Segmentation.None, 0, new PartialChecksum(65_535, 65_535) },
                { "start behind the end", tcp.BuildPartial(payload), Segmentation.Tcp4, 10, new PartialChecksum(65_535, 16) },
                { "IPv6 instead of IPv4", tcp6.BuildPartial(payload), Segmentation.Tcp4, 10, tcp6.Partial },
                { "IPv4 instead of IPv6", tcp.BuildPartial(payload), Segmentation.Tcp6, 10, tcp.Partial },
                { "UDP instead of TCP", udp.BuildPartial(payload), Segmentation.Tcp4, 10, tcp.Partial },
                { "TCP instead of UDP", tcp.BuildPartial(payload), Segmentation.Udp, 10, udp.Partial },
                { "IPv4 length too long", Changed(tcp, 3, 141), Segmentation.Tcp4, 10, tcp.Partial },
                { "IPv4 length too short", Changed(tcp, 3, 139), Segmentation.Tcp4, 10, tcp.Partial },
                { "IPv4 header too long", Changed(tcp, 0, 0x46), Segmentation.Tcp4, 10, tcp.Partial },
                { "IPv4 header too short", Changed(tcp, 0, 0x44), Segmentation.Tcp4, 10, tcp.Partial },
                { "version 5", Changed(tcp, 0, 0x55), Segmentation.Tcp4, 10, tcp.Partial },
                { "a fragment", Changed(tcp, 6, 0x20), Segmentation.Tcp4, 10, tcp.Partial },
                { "a later fragment", Changed(tcp, 7, 1), Segmentation.Tcp4, 10, tcp.Partial },
                { "a later IPv6 fragment", later.BuildPartial(payload), Segmentation.Tcp6, 10, later.Partial },
                { "TCP header too short", Changed(tcp, 32, 0x40), Segmentation.Tcp4, 10, tcp.Partial },
                { "TCP header behind the end", tcp.BuildPartial([])[..40].Also(32, 0x60), Segmentation.Tcp4, 10, tcp.Partial },
                { "IPv6 length wrong", Changed(tcp6, 5, 119), Segmentation.Tcp6, 10, tcp6.Partial },
                { "UDP length wrong", Changed(udp, 25, 107), Segmentation.Udp, 10, udp.Partial },
                { "cut in the TCP header", tcp.BuildPartial([])[..39].Also(3, 39), Segmentation.Tcp4, 10, tcp.Partial },
                { "cut in the IPv4 header", tcp.BuildPartial([])[..19], Segmentation.Tcp4, 10, tcp.Partial },
                { "cut in the IPv6 header", tcp6.BuildPartial([])[..39], Segmentation.Tcp6, 10, tcp6.Partial },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_packet_has_no_segments(string what, byte[] packet, Segmentation segmentation, int size, PartialChecksum checksum)
    {
        SegmentSplitter splitter = new(packet, segmentation, size, checksum);
        Assert.True(splitter is { Count: 0, NextLength: 0 }, what);
        Assert.Equal(0, splitter.Write(new byte[2000]));
    }

    [Fact]
    public void Damaged_packets_never_throw_and_segments_stay_in_their_length()
    {
        for (int seed = 1; seed <= 5000; seed++)
        {
            SeededRandom random = new((ulong)seed);
            InnerPacketShape shape = Any(random, random.Chance(0.5), random.Chance(0.5));
            byte[] packet = shape.BuildPartial(InnerPacketShape.Bytes(random.Next(0, 300), seed));
            for (int damage = random.Next(1, 4); damage > 0; damage--) packet[random.Next(0, Math.Min(packet.Length, 64) - 1)] = (byte)random.Next(0, 255);
            packet = packet[..random.Next(0, packet.Length)];
            Segmentation segmentation = (Segmentation)random.Next(0, 3);
            int size = random.Next(1, 400);
            foreach (byte[] segment in Split(packet, segmentation, size, shape.Partial))
                Assert.True(segment.Length <= packet.Length, $"seed {seed}");
        }
    }

    [Fact]
    public void A_destination_that_is_too_small_is_misuse()
    {
        InnerPacketShape shape = new();
        Assert.Throws<ArgumentException>(() => new SegmentSplitter(shape.BuildPartial(new byte[100]), Segmentation.Tcp4, 60, shape.Partial).Write(new byte[99]));
    }

    [Fact]
    public void Splitting_allocates_nothing()
    {
        InnerPacketShape shape = new() { TcpOptions = new byte[12] };
        byte[] packet = shape.BuildPartial(new byte[60_000]), destination = new byte[2000];
        int written = 0;
        Allocations.AssertNone(() => written = Consume(packet, shape, destination));
        Assert.Equal(45 * shape.HeaderLength + 60_000, written);
    }

    internal static List<byte[]> Split(ReadOnlySpan<byte> packet, Segmentation segmentation, int size, PartialChecksum checksum)
    {
        List<byte[]> segments = [];
        SegmentSplitter splitter = new(packet, segmentation, size, checksum);
        int count = splitter.Count;
        while (splitter.NextLength is > 0 and int length)
        {
            byte[] segment = new byte[length];
            Assert.Equal(length, splitter.Write(segment));
            segments.Add(segment);
        }

        Assert.Equal(count, segments.Count);
        return segments;
    }

    internal static InnerPacketShape Any(SeededRandom random, bool isIpv6, bool isUdp) => new()
    {
        IsIpv6 = isIpv6,
        IsUdp = isUdp,
        TrafficClass = (byte)random.Next(0, 255),
        FlowLabel = random.Next(0, 0xFFFFF),
        HopLimit = (byte)random.Next(1, 255),
        DontFragment = random.Chance(0.5),
        Identification = (ushort)(random.Chance(0.3) ? random.Next(65_530, 65_535) : random.Next(0, 65_535)),
        Sequence = random.Chance(0.3) ? uint.MaxValue - (uint)random.Next(0, 5000) : (uint)random.Next(0, int.MaxValue),
        Flags = (TcpFlags)random.Next(0, 255),
        Window = (ushort)random.Next(0, 65_535),
        TcpOptions = InnerPacketShape.Bytes(4 * random.Next(0, 10), random.Next(0, 1000)),
        IpOptions = random.Chance(0.2) ? InnerPacketShape.Bytes(4 * random.Next(0, 10), random.Next(0, 1000)) : [],
    };

    private static int Consume(byte[] packet, InnerPacketShape shape, byte[] destination)
    {
        SegmentSplitter splitter = new(packet, Segmentation.Tcp4, 1348, shape.Partial);
        int total = 0;
        while (splitter.NextLength > 0) total += splitter.Write(destination);
        return total;
    }

    private static void AssertSame(List<byte[]> expected, List<byte[]> actual, string what)
    {
        Assert.True(expected.Count == actual.Count, $"{what}: {actual.Count} segments instead of {expected.Count}");
        for (int i = 0; i < expected.Count; i++)
            Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"{what}: segment {i} of {expected.Count} differs at byte {expected[i].AsSpan().CommonPrefixLength(actual[i])}");
    }

    private static byte[] Changed(InnerPacketShape shape, int at, byte value) => shape.BuildPartial(new byte[100]).Also(at, value);
}

/// <summary>Damage for tests.</summary>
internal static class DamageExtensions
{
    /// <summary>The same bytes with another value at one place.</summary>
    public static byte[] Also(this byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }
}
