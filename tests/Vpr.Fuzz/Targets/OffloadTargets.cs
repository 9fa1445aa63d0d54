using System.Buffers.Binary;
using Vpr.Fuzz.Generation;
using Vpr.Io;
using Vpr.Tunnel.Offload;
using Vpr.Wire.Ip;

namespace Vpr.Fuzz.Targets;

/// <summary>Super-packets that are cut up, and packets of a peer that are put together.</summary>
internal static class OffloadTargets
{
    private const int SlotSize = 2048;
    private const int MaxPackets = 64;

    private static readonly PacketBatch s_batch = new(MaxPackets, SlotSize, 0);
    private static readonly PacketGather s_gather = new(s_batch, MaxPackets, MaxPackets);
    private static readonly FlowMerger s_merger = new(s_gather, PacketOffloads.All);

    /// <summary>Splitter and merger.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("SuperPacket", ReadSuperPacket, MakeSuperPacket),
        new ReaderTarget("PacketBurst", ReadPacketBurst, MakePacketBurst),
    ];

    // Segmentation, segment size (2), checksum's start (2) and offset (2), packet.
    private static ulong ReadSuperPacket(ReadOnlySpan<byte> input)
    {
        if (input.Length < 7) return 0;
        var checksum = new PartialChecksum(BinaryPrimitives.ReadUInt16BigEndian(input[3..]), BinaryPrimitives.ReadUInt16BigEndian(input[5..]));
        var segmentation = (Segmentation)(input[0] & 3);
        ReadOnlySpan<byte> packet = input[7..];
        var splitter = new SegmentSplitter(packet, segmentation, BinaryPrimitives.ReadUInt16BigEndian(input[1..]), checksum);
        if (splitter.Count == 0) return 0;

        var digest = new Digest();
        int segments = splitter.Count, total = 0;
        byte[] segment = new byte[packet.Length];
        while (splitter.NextLength > 0)
        {
            int length = splitter.NextLength;
            FuzzViolationException.Require(splitter.Write(segment.AsSpan(0, length)) == length, "A segment is as long as was said.");
            FuzzViolationException.Require(segmentation == Segmentation.None || IsWhole(segment.AsSpan(0, length)), "A segment is a packet.");
            digest.Add(segment.AsSpan(0, length));
            total += length;
            segments--;
        }

        FuzzViolationException.Require(segments == 0, "There are as many segments as was said.");
        FuzzViolationException.Require(segmentation == Segmentation.None ? total == packet.Length : total >= packet.Length, "No byte of the payload is lost.");
        return digest.Value;
    }

    private static bool IsWhole(ReadOnlySpan<byte> segment) =>
        segment[0] >> 4 == 4
            ? Ipv4Packet.TryParse(segment, out Ipv4Packet ipv4) && ipv4.Header.TotalLength == segment.Length
            : Ipv6Packet.TryParse(segment, out Ipv6Packet ipv6) && Ipv6Header.Length + ipv6.Header.PayloadLength == segment.Length;

    // Packets, each with its length (2) in front.
    private static ulong ReadPacketBurst(ReadOnlySpan<byte> input)
    {
        s_batch.Clear();
        List<byte[]> packets = [];
        while (input.Length >= 2 && packets.Count < MaxPackets)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(input);
            if (length is 0 or > SlotSize || length > input.Length - 2) break;
            int index = s_batch.Add();
            s_batch[index].Length = length;
            input.Slice(2, length).CopyTo(s_batch.Packet(index));
            packets.Add(input.Slice(2, length).ToArray());
            FuzzViolationException.Require(s_merger.Add(s_batch.Packet(index)), "There is room.");
            input = input[(2 + length)..];
        }

        s_merger.Finish();
        var digest = new Digest();
        List<byte[]> again = [];
        for (int index = 0; index < s_gather.Count; index++)
        {
            List<byte> whole = [];
            foreach (Span<byte> piece in s_gather.Pieces(index)) whole.AddRange(piece);
            GatheredPacket facts = s_gather[index];
            digest.Add([.. whole]);
            var splitter = new SegmentSplitter([.. whole], facts.Segmentation, facts.SegmentSize, facts.Checksum);
            FuzzViolationException.Require(splitter.Count == facts.PieceCount, "A super-packet is cut into the packets that it was made of.");
            while (splitter.NextLength > 0)
            {
                byte[] packet = new byte[splitter.NextLength];
                splitter.Write(packet);
                again.Add(packet);
            }
        }

        s_gather.Clear();
        FuzzViolationException.Require(Canonical(packets).SequenceEqual(Canonical(again)), "What is put together is cut into the same packets again, each flow in its order.");
        return packets.Count == 0 ? 0 : digest.Value;
    }

    // Flow by flow, with the identification of packets that must not be fragmented left out (RFC 6864 §4.1).
    private static IEnumerable<string> Canonical(List<byte[]> packets) =>
        packets.Select(packet => (Flow: FlowOf(packet), Bytes: WithoutIdentification(packet))).OrderBy(packet => packet.Flow, StringComparer.Ordinal).Select(packet => packet.Bytes);

    private static string FlowOf(byte[] packet) =>
        FlowPacket.TryRead(packet, out FlowPacket read) ? Convert.ToHexString(read.Addresses) + Convert.ToHexString(read.Ports) + read.Segmentation : "";

    private static string WithoutIdentification(byte[] packet)
    {
        byte[] copy = [.. packet];
        if (copy.Length >= 20 && copy[0] == 0x45 && copy[6] == 0x40 && copy[7] == 0)
        {
            // The header's checksum follows the identification, but a wrong one stays wrong.
            bool isValid = InternetChecksum.IsValid(0, copy.AsSpan(0, 20));
            copy.AsSpan(4, 2).Clear();
            if (isValid) copy.AsSpan(10, 2).Clear();
        }

        return Convert.ToHexString(copy);
    }

    private static void MakeSuperPacket(EncodingBuffer output, ref FuzzRandom random)
    {
        bool isUdp = random.OneIn(3), isIpv6 = random.OneIn(2);
        int transport = isIpv6 ? 40 : 20;
        output.AppendBigEndian((UInt128)(random.OneIn(8) ? 0 : isUdp ? 3 : isIpv6 ? 2 : 1), 1);
        output.AppendBigEndian((UInt128)random.Between(1, 400), 2);
        output.AppendBigEndian((UInt128)transport, 2);
        output.AppendBigEndian((UInt128)(isUdp ? 6 : 16), 2);
        int start = output.Length;
        MakePacket(output, isUdp, isIpv6, random.Below(900), ref random);
        BinaryPrimitives.WriteUInt16BigEndian(output.Written[(start + transport + (isUdp ? 6 : 16))..], (ushort)random.Below(65_536));
    }

    private static void MakePacketBurst(EncodingBuffer output, ref FuzzRandom random)
    {
        bool isUdp = random.OneIn(3), isIpv6 = random.OneIn(2);
        int size = random.Between(1, 200);
        uint sequence = (uint)(random.Next() >> 32);
        for (int packets = random.Between(1, 6), index = 0; index < packets; index++)
        {
            int payload = random.OneIn(6) ? random.Below(200) : size;
            int transport = isIpv6 ? 40 : 20;
            output.AppendBigEndian((UInt128)(transport + (isUdp ? 8 : 20) + payload), 2);
            int start = output.Length;
            MakePacket(output, isUdp, isIpv6, payload, ref random);
            Span<byte> packet = output.Written[start..];
            if (!isUdp) BinaryPrimitives.WriteUInt32BigEndian(packet[(transport + 4)..], sequence);
            sequence = unchecked(sequence + (uint)payload);
            if (!random.OneIn(10)) Seal(packet, transport, isUdp);
        }
    }

    private static void MakePacket(EncodingBuffer output, bool isUdp, bool isIpv6, int payload, ref FuzzRandom random)
    {
        int transport = isIpv6 ? 40 : 20;
        Span<byte> packet = output.Extend(transport + (isUdp ? 8 : 20) + payload);
        random.Fill(packet[transport..]);
        packet[..transport].Clear();
        packet[0] = (byte)(isIpv6 ? 0x60 : 0x45);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(isIpv6 ? 4 : 2)..], (ushort)(isIpv6 ? packet.Length - 40 : packet.Length));
        packet[isIpv6 ? 6 : 9] = (byte)(isUdp ? 17 : 6);
        packet[isIpv6 ? 7 : 8] = 64;
        if (!isIpv6) packet[6] = 0x40;
        packet[(isIpv6 ? 39 : 19)] = (byte)random.Below(2);
        packet.Slice(transport, 4).Clear();
        if (isUdp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[(transport + 4)..], (ushort)(packet.Length - transport));
            return;
        }

        packet.Slice(transport + 8, 12).Clear();
        packet[transport + 12] = 0x50;
        packet[transport + 13] = (byte)(random.OneIn(8) ? random.Below(256) : 0x10);
    }

    private static void Seal(Span<byte> packet, int transport, bool isUdp)
    {
        Span<byte> segment = packet[transport..], field = segment[(isUdp ? 6 : 16)..];
        if (transport == 20) InternetChecksum.WriteIpv4Header(packet[..20]);
        field[..2].Clear();
        ulong sum = InternetChecksum.PseudoHeader(0u, 0u, isUdp ? IpProtocol.Udp : IpProtocol.Tcp, segment.Length);
        sum = InternetChecksum.Add(InternetChecksum.Add(sum, transport == 20 ? packet[12..20] : packet[8..40]), segment);
        BinaryPrimitives.WriteUInt16BigEndian(field, InternetChecksum.FinishUdp(sum));
    }
}
