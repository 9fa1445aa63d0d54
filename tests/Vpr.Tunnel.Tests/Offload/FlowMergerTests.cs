using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Testing;
using Vpr.Tunnel.Offload;

namespace Vpr.Tunnel.Tests.Offload;

/// <summary>What is put together, what is not, and what a super-packet's headers say.</summary>
public sealed class FlowMergerTests
{
    private const int Size = 1000;

    private readonly MergeBench _bench = new();

    public static TheoryData<bool, bool> Kinds => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Neighbours_become_one_super_packet_as_a_kernel_would_have_sent_it(bool isIpv6, bool isUdp)
    {
        InnerPacketShape shape = new() { IsIpv6 = isIpv6, IsUdp = isUdp, DontFragment = false, TcpOptions = isUdp ? [] : new byte[12], Flags = TcpFlags.Ack | TcpFlags.Psh };
        byte[] payload = InnerPacketShape.Bytes(45 * Size - 300, 1);
        MergeBench.Written written = Assert.Single(_bench.Merge(shape.Split(payload, Size)));
        Assert.Equal(shape.BuildPartial(payload), written.Packet);
        Assert.Equal(
            (shape.Segmentation, Size, shape.HeaderLength, shape.Partial),
            (written.Facts.Segmentation, written.Facts.SegmentSize, written.Facts.HeaderLength, written.Facts.Checksum));
        Assert.Equal(45, written.Facts.PieceCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packet_alone_is_not_touched(bool isIpv6, bool isUdp)
    {
        byte[] packet = new InnerPacketShape { IsIpv6 = isIpv6, IsUdp = isUdp }.Build(new byte[Size]);
        packet[^1] ^= 1; // nor is it judged
        MergeBench.Written written = Assert.Single(_bench.Merge([packet]));
        Assert.Equal(packet, written.Packet);
        Assert.Equal((Segmentation.None, 0, false), (written.Facts.Segmentation, written.Facts.SegmentSize, written.Facts.Checksum.IsNeeded));
    }

    [Theory]
    [InlineData(PacketOffloads.None, 8)]
    [InlineData(PacketOffloads.Checksum, 8)]
    [InlineData(PacketOffloads.Tso | PacketOffloads.Checksum, 6)]
    [InlineData(PacketOffloads.Uso | PacketOffloads.Checksum, 6)]
    [InlineData(PacketOffloads.All, 4)]
    public void Only_what_the_device_accepts_is_put_together(PacketOffloads accepted, int expected)
    {
        List<byte[]> packets = [];
        foreach (bool isIpv6 in new[] { false, true })
            foreach (bool isUdp in new[] { false, true })
                packets.AddRange(new InnerPacketShape { IsIpv6 = isIpv6, IsUdp = isUdp }.Split(new byte[2 * Size], Size));
        Assert.Equal(expected, new MergeBench(accepted).Merge(packets).Count);
    }

    private static readonly (string What, Func<InnerPacketShape, InnerPacketShape> Change, bool InIpv4, bool InIpv6)[] s_networkDifferences =
    [
        ("source", shape => shape with { Source = 9 }, true, true),
        ("destination", shape => shape with { Destination = 9 }, true, true),
        ("source port", shape => shape with { SourcePort = 9 }, true, true),
        ("destination port", shape => shape with { DestinationPort = 9 }, true, true),
        ("DSCP", shape => shape with { TrafficClass = 4 }, true, true),
        ("ECN", shape => shape with { TrafficClass = 3 }, true, true),
        ("hop limit", shape => shape with { HopLimit = 63 }, true, true),
        ("DF", shape => shape with { DontFragment = !shape.DontFragment }, true, false),
        ("identification", shape => shape with { Identification = 77 }, true, false),
        ("IP options", shape => shape with { IpOptions = [1, 1, 1, 1] }, true, false),
        ("flow label", shape => shape with { FlowLabel = 1 }, false, true),
        ("extension header", shape => shape with { ExtensionType = 60, Extensions = [(byte)(shape.IsUdp ? 17 : 6), 0, 1, 4, 0, 0, 0, 0] }, false, true),
    ];

    public static TheoryData<string> NetworkDifferences => new(s_networkDifferences.Select(difference => difference.What));

    [Theory]
    [MemberData(nameof(NetworkDifferences))]
    public void Packets_whose_IP_headers_differ_stay_apart(string what)
    {
        (_, Func<InnerPacketShape, InnerPacketShape> change, bool inIpv4, bool inIpv6) = s_networkDifferences.Single(difference => difference.What == what);
        foreach (bool isUdp in new[] { false, true })
        {
            if (inIpv4) AssertApart(what, new InnerPacketShape { IsUdp = isUdp, DontFragment = false }, change);
            if (inIpv6) AssertApart(what, new InnerPacketShape { IsUdp = isUdp, IsIpv6 = true }, change);
        }
    }

    private static readonly (string What, Func<InnerPacketShape, InnerPacketShape> Change)[] s_tcpDifferences =
    [
        ("a gap", shape => shape with { Sequence = shape.Sequence + 1 }),
        ("an overlap", shape => shape with { Sequence = shape.Sequence - 1 }),
        ("acknowledgment", shape => shape with { Acknowledgment = 1 }),
        ("window", shape => shape with { Window = 1 }),
        ("SYN", shape => shape with { Flags = TcpFlags.Ack | TcpFlags.Syn }),
        ("RST", shape => shape with { Flags = TcpFlags.Ack | TcpFlags.Rst }),
        ("URG", shape => shape with { Flags = TcpFlags.Ack | TcpFlags.Urg }),
        ("CWR", shape => shape with { Flags = TcpFlags.Ack | TcpFlags.Cwr }),
        ("ECE", shape => shape with { Flags = TcpFlags.Ack | TcpFlags.Ece }),
        ("no ACK", shape => shape with { Flags = 0 }),
        ("a timestamp", shape => shape with { TcpOptions = [1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 1] }),
        ("an option less", shape => shape with { TcpOptions = [] }),
    ];

    public static TheoryData<string> TcpDifferences => new(s_tcpDifferences.Select(difference => difference.What));

    [Theory]
    [MemberData(nameof(TcpDifferences))]
    [Trait("rfc", "9293 §3.1")]
    public void Segments_whose_TCP_headers_differ_stay_apart(string what)
    {
        Func<InnerPacketShape, InnerPacketShape> change = s_tcpDifferences.Single(difference => difference.What == what).Change;
        byte[] timestamps = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1];
        AssertApart(what, new InnerPacketShape { TcpOptions = timestamps }, change);
        AssertApart(what, new InnerPacketShape { TcpOptions = timestamps, IsIpv6 = true }, change);
    }

    [Fact]
    [Trait("rfc", "6864 §4.1")]
    public void The_identification_of_a_packet_that_must_not_be_fragmented_means_nothing()
    {
        InnerPacketShape shape = new() { IsUdp = true, DontFragment = true, Identification = 0 };
        Assert.Single(_bench.Merge([shape.Build(new byte[Size]), shape.Build(new byte[Size])]));
    }

    [Fact]
    public void ECE_on_all_segments_is_on_the_super_packet()
    {
        InnerPacketShape shape = new() { Flags = TcpFlags.Ack | TcpFlags.Ece };
        List<byte[]> packets = shape.Split(new byte[3 * Size], Size);
        Assert.Equal(packets, Assert.Single(_bench.Merge(packets)).Split());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void PSH_and_FIN_end_a_super_packet_and_are_on_it(bool push, bool finish)
    {
        TcpFlags last = (push ? TcpFlags.Psh : 0) | (finish ? TcpFlags.Fin : 0);
        InnerPacketShape shape = new();
        List<byte[]> packets = shape.Split(new byte[5 * Size], Size);
        packets[1] = (shape with { Sequence = shape.Sequence + Size, Identification = 8, Flags = TcpFlags.Ack | last }).Build(new byte[Size]);
        List<MergeBench.Written> written = _bench.Merge(packets);
        Assert.Equal([2, 3], written.Select(packet => packet.Facts.PieceCount));
        Assert.Equal(TcpFlags.Ack | last, (TcpFlags)written[0].Packet[33]);
        Assert.Equal(packets, written.SelectMany(packet => packet.Split()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_shorter_packet_is_the_last_and_a_longer_one_begins_anew(bool isIpv6, bool isUdp)
    {
        InnerPacketShape shape = new() { IsIpv6 = isIpv6, IsUdp = isUdp };
        int[] lengths = [500, 500, 300, 300, 400, 400];
        List<MergeBench.Written> written = _bench.Merge(Sequence(shape, lengths));
        Assert.Equal([3, 1, 2], written.Select(packet => packet.Facts.PieceCount));
        Assert.Equal([500, 0, 400], written.Select(packet => packet.Facts.SegmentSize));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_super_packet_is_never_longer_than_its_header_can_say(bool isIpv6, bool isUdp)
    {
        InnerPacketShape shape = new() { IsIpv6 = isIpv6, IsUdp = isUdp };
        List<byte[]> packets = Sequence(shape, [.. Enumerable.Repeat(1440, 100)]);
        List<MergeBench.Written> written = _bench.Merge(packets);
        Assert.Equal([45, 45, 10], written.Select(packet => packet.Facts.PieceCount));
        Assert.Equal(packets, written.SelectMany(packet => packet.Split()));
    }

    [Fact]
    public void A_super_packet_has_at_most_64_datagrams_or_512_segments()
    {
        Assert.Equal([64, 64, 22], _bench.Merge(Sequence(new InnerPacketShape { IsUdp = true }, [.. Enumerable.Repeat(10, 150)])).Select(packet => packet.Facts.PieceCount));
        Assert.Equal([512, 88], _bench.Merge(Sequence(new InnerPacketShape(), [.. Enumerable.Repeat(10, 600)])).Select(packet => packet.Facts.PieceCount));
    }

    [Fact]
    [Trait("rfc", "768")]
    public void Datagrams_without_a_checksum_stay_apart()
    {
        InnerPacketShape shape = new() { IsUdp = true };
        byte[] bare = shape.Build(new byte[Size]).Also(shape.ChecksumField, 0).Also(shape.ChecksumField + 1, 0);
        Assert.Equal([bare, bare], _bench.Merge([bare, bare]).Select(packet => packet.Packet));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_packet_goes_on_alone_as_it_came(int damaged)
    {
        foreach (InnerPacketShape shape in new InnerPacketShape[] { new(), new() { IsIpv6 = true }, new() { IsUdp = true } })
        {
            List<byte[]> packets = Sequence(shape, [Size, Size, Size, Size, Size]);
            packets[damaged][^1] ^= 0x10;
            List<MergeBench.Written> written = _bench.Merge(packets);
            Assert.Contains(written, packet => packet.Facts.PieceCount == 1 && packet.Packet.AsSpan().SequenceEqual(packets[damaged]));
            Assert.Equal(packets, written.SelectMany(packet => packet.Split()));
        }
    }

    [Fact]
    public void An_IPv4_header_that_was_damaged_is_not_mended()
    {
        List<byte[]> packets = Sequence(new InnerPacketShape(), [Size, Size, Size]);
        packets[0][11] ^= 1;
        packets[2][11] ^= 1;
        Assert.Equal(packets, _bench.Merge(packets).Select(packet => packet.Packet));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("rfc", "1071 §1")]
    public void A_checksum_that_is_the_other_zero_stays_what_it_is(bool isFirst)
    {
        InnerPacketShape shape = new() { Sequence = isFirst ? 1000u : 998u };
        byte[] payload = new byte[2];
        InnerPacketShape zero = shape with { Sequence = 1000, Identification = (ushort)(isFirst ? 7 : 8) };
        BinaryPrimitives.WriteUInt16BigEndian(payload, BinaryPrimitives.ReadUInt16BigEndian(zero.Build(payload).AsSpan(zero.ChecksumField)));
        byte[] other = zero.Build(payload);
        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(other.AsSpan(zero.ChecksumField)));
        BinaryPrimitives.WriteUInt16BigEndian(other.AsSpan(zero.ChecksumField), 0xFFFF);
        List<byte[]> packets = isFirst
            ? [other, (shape with { Sequence = 1002, Identification = 8 }).Build(payload)]
            : [shape.Build(payload), other];
        Assert.Equal(packets, _bench.Merge(packets).SelectMany(packet => packet.Split()));
        Assert.Equal(2, _bench.Output.Count);
    }

    [Fact]
    public void A_fragment_is_not_overtaken_by_later_packets_between_its_hosts()
    {
        InnerPacketShape shape = new() { IsUdp = true };
        byte[] fragment = shape.Build(new byte[100]).Also(6, 0x20);
        List<byte[]> packets = [.. Sequence(shape, [Size, Size]), fragment, .. Sequence(shape, [Size, Size])];
        List<MergeBench.Written> written = _bench.Merge(packets);
        Assert.Equal([2, 1, 2], written.Select(packet => packet.Facts.PieceCount));
        Assert.Equal(fragment, written[1].Packet);
    }

    [Fact]
    public void A_bare_acknowledgement_is_not_overtaken()
    {
        InnerPacketShape shape = new();
        List<byte[]> packets = Sequence(shape, [Size, Size, Size, Size]);
        packets.Insert(2, shape.Build([]));
        Assert.Equal([2, 1, 2], _bench.Merge(packets).Select(packet => packet.Facts.PieceCount));
    }

    [Fact]
    public void Sixteen_flows_are_put_together_at_a_time_and_more_lose_nothing()
    {
        foreach (int flows in new[] { 16, 17, 40 })
        {
            List<byte[]>[] packets = [.. Enumerable.Range(0, flows).Select(flow => Sequence(new InnerPacketShape { SourcePort = (ushort)(1000 + flow) }, [Size, Size, Size]))];
            List<byte[]> burst = [.. Enumerable.Range(0, 3).SelectMany(round => packets.Select(flow => flow[round]))];
            List<byte[]> split = [.. _bench.Merge(burst).SelectMany(packet => packet.Split())];
            if (flows == FlowMerger.MaxFlows) Assert.Equal(flows, _bench.Output.Count);
            Assert.Equal(burst.Order(s_byBytes), split.Order(s_byBytes));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    [InlineData(2, 7)]
    public void A_gather_that_is_full_loses_nothing(int packets, int pieces)
    {
        List<byte[]> burst = [.. Sequence(new InnerPacketShape(), [.. Enumerable.Repeat(700, 20)]), .. Sequence(new InnerPacketShape { IsUdp = true }, [.. Enumerable.Repeat(700, 20)])];
        Assert.Equal(burst, new MergeBench(packets: packets, pieces: pieces).Merge(burst).SelectMany(packet => packet.Split()));
    }

    [Fact]
    public void Merging_allocates_nothing()
    {
        List<byte[]> burst = Sequence(new InnerPacketShape(), [.. Enumerable.Repeat(Size, 40)]);
        int count = 0;
        Allocations.AssertNone(() => count = _bench.Count(burst));
        Assert.Equal(1, count);
    }

    /// <summary>Packets of one flow with payloads of these lengths, one after another.</summary>
    internal static List<byte[]> Sequence(InnerPacketShape shape, int[] lengths)
    {
        List<byte[]> packets = [];
        foreach (int length in lengths)
        {
            packets.Add(shape.Build(InnerPacketShape.Bytes(length, packets.Count)));
            shape = shape with { Sequence = unchecked(shape.Sequence + (uint)length), Identification = unchecked((ushort)(shape.Identification + 1)) };
        }

        return packets;
    }

    private static readonly Comparer<byte[]> s_byBytes = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    private void AssertApart(string what, InnerPacketShape first, Func<InnerPacketShape, InnerPacketShape> change)
    {
        InnerPacketShape second = first with { Sequence = first.Sequence + Size, Identification = (ushort)(first.Identification + 1) };
        byte[][] alike = [first.Build(new byte[Size]), second.Build(new byte[Size])];
        Assert.Single(_bench.Merge(alike));
        byte[][] different = [first.Build(new byte[Size]), change(second).Build(new byte[Size])];
        Assert.True(_bench.Merge(different).Select(packet => packet.Packet).SequenceEqual(different, s_equal), what);
    }

    private static readonly EqualityComparer<byte[]> s_equal = EqualityComparer<byte[]>.Create((left, right) => left.AsSpan().SequenceEqual(right));
}
