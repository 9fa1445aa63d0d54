using System.Buffers.Binary;
using Vpr.Testing;
using Vpr.Tunnel.Offload;

namespace Vpr.Tunnel.Tests.Offload;

/// <summary>Random flows in random order, undisturbed and not: what comes out, cut up again, is what went in.</summary>
public sealed class FlowMergerProperties
{
    private readonly MergeBench _bench = new();

    [Fact]
    public void What_is_put_together_is_cut_into_the_same_packets_again()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            SeededRandom random = new((ulong)seed);
            InnerPacketShape shape = SegmentSplitterTests.Any(random, random.Chance(0.5), random.Chance(0.5)) with
            {
                IpOptions = [], Flags = TcpFlags.Ack | (random.Chance(0.5) ? TcpFlags.Psh : 0) | (random.Chance(0.1) ? TcpFlags.Fin : 0),
            };
            List<byte[]> packets = shape.Split(InnerPacketShape.Bytes(random.Next(1, 60_000), seed), random.Next(100, 1400));
            List<MergeBench.Written> written = _bench.Merge(packets);
            AssertSame(packets, [.. written.SelectMany(packet => packet.Split())], seed);
            if (!shape.IsUdp) Assert.True(written.Count == 1 || packets.Count > FlowMerger.MaxSegments, $"seed {seed}: {written.Count}");
        }
    }

    [Fact]
    public void Disturbed_flows_keep_their_order_and_every_byte()
    {
        int merged = 0;
        for (int seed = 1; seed <= 100; seed++)
        {
            SeededRandom random = new((ulong)seed);
            List<byte[]> burst = Disturbed(random);
            List<MergeBench.Written> written = _bench.Merge(burst);
            merged += written.Count(packet => packet.Facts.PieceCount > 1);
            ILookup<string, byte[]> before = burst.ToLookup(FlowOf), after = written.SelectMany(packet => packet.Split()).ToLookup(FlowOf);
            Assert.Equal(before.Select(flow => flow.Key).Order(), after.Select(flow => flow.Key).Order());
            foreach (IGrouping<string, byte[]> flow in before) AssertSame([.. flow], [.. after[flow.Key]], seed);
        }

        Assert.True(merged > 250, $"only {merged} super-packets: the flows are disturbed too much to prove anything");
    }

    private static List<byte[]> Disturbed(SeededRandom random)
    {
        InnerPacketShape[] flows =
        [
            .. Enumerable.Range(0, random.Next(1, 20)).Select(flow => SegmentSplitterTests.Any(random, random.Chance(0.5), random.Chance(0.5)) with
            {
                IpOptions = [], Flags = TcpFlags.Ack, SourcePort = (ushort)(5000 + flow), Source = (byte)random.Next(1, 3), Destination = (byte)random.Next(4, 5),
            }),
        ];
        int[] sizes = [.. flows.Select(_ => random.Next(50, 1400))];
        List<byte[]> burst = [];
        for (int packets = random.Next(10, 300); packets > 0; packets--)
        {
            int flow = random.Next(0, flows.Length - 1);
            for (int run = random.Next(1, 8); run > 0; run--) burst.Add(Next(random, ref flows[flow], sizes[flow]));
            if (random.Chance(0.1) && burst.Count > 1) (burst[^1], burst[^2]) = (burst[^2], burst[^1]);
            if (random.Chance(0.03)) burst.Add(burst[random.Next(0, burst.Count - 1)]);
        }

        return burst;
    }

    private static byte[] Next(SeededRandom random, ref InnerPacketShape flow, int size)
    {
        bool isOdd = random.Chance(0.1);
        int length = !isOdd ? size : random.Chance(0.3) ? 0 : random.Next(1, 1400);
        InnerPacketShape shape = flow;
        if (isOdd)
        {
            shape = random.Next(0, 9) switch
            {
                0 => shape with { Flags = (TcpFlags)random.Next(0, 255) },
                1 => shape with { Acknowledgment = (uint)random.Next(0, 9) },
                2 => shape with { Window = (ushort)random.Next(0, 9) },
                3 => shape with { TcpOptions = new byte[12] },
                4 => shape with { TrafficClass = 3 },
                5 => shape with { HopLimit = 3 },
                6 => shape with { DontFragment = !shape.DontFragment },
                7 => shape with { IpOptions = [1, 1, 1, 1], ExtensionType = 60, Extensions = [(byte)(shape.IsUdp ? 17 : 6), 0, 1, 4, 0, 0, 0, 0] },
                8 => shape with { Sequence = unchecked(shape.Sequence + 17) },
                _ => shape,
            };
        }

        byte[] packet = shape.Build(InnerPacketShape.Bytes(length, random.Next(0, 1 << 20)));
        if (isOdd && random.Chance(0.2)) packet[random.Next(shape.HeaderLength - 8, packet.Length - 1)] ^= 0x20;
        if (isOdd && random.Chance(0.2) && shape.IsUdp) packet.AsSpan(shape.ChecksumField, 2).Clear();
        if (isOdd && random.Chance(0.1)) packet = packet[..random.Next(1, packet.Length)];
        flow = flow with { Sequence = unchecked(flow.Sequence + (uint)length), Identification = unchecked((ushort)(flow.Identification + (random.Chance(0.9) ? 1 : 5))) };
        return packet;
    }

    // Addresses, protocol and ports where they stand in an ordinary packet; whatever else it may be is put in by its addresses, as the merger does.
    private static string FlowOf(byte[] packet) =>
        FlowPacket.TryRead(packet, out FlowPacket read)
            ? $"{read.Segmentation} {Convert.ToHexString(read.Addresses)} {Convert.ToHexString(read.Ports)}"
            : $"other {Convert.ToHexString(FlowPacket.AddressesOf(packet))}";

    private static void AssertSame(List<byte[]> expected, List<byte[]> actual, int seed)
    {
        Assert.True(expected.Count == actual.Count, $"seed {seed}: {actual.Count} packets instead of {expected.Count}");
        for (int i = 0; i < expected.Count; i++)
        {
            // RFC 6864 §4.1: of a packet that must not be fragmented the identification may change.
            if (IsAtomic(expected[i]) && !expected[i].AsSpan().SequenceEqual(actual[i]))
            {
                Assert.True(SlowChecksum.Sum(actual[i].AsSpan(0, 20), 0) == 0xFFFF, $"seed {seed}: header checksum of packet {i}");
                expected[i].AsSpan(4, 2).CopyTo(actual[i].AsSpan(4));
                expected[i].AsSpan(10, 2).CopyTo(actual[i].AsSpan(10));
            }

            Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"seed {seed}: packet {i} of {expected.Count} differs at byte {expected[i].AsSpan().CommonPrefixLength(actual[i])}");
        }
    }

    private static bool IsAtomic(byte[] packet) => packet.Length >= 20 && packet[0] == 0x45 && (BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(6)) & 0x7FFF) == 0x4000;
}
