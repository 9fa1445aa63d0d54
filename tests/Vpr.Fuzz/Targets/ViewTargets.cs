using System.Buffers.Binary;
using Vpr.Fuzz.Generation;
using Vpr.Wire.Ip;
using Vpr.Wire.Quic;

namespace Vpr.Fuzz.Targets;

/// <summary>What Vpr.Wire reads by hand-written code.</summary>
internal static class ViewTargets
{
    /// <summary>One target a view.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("VarInt", ReadVarInt, MakeVarInt),
        new ReaderTarget("AckRanges", ReadAckRanges, MakeStructure<AckFrame>),
        new ReaderTarget("Ipv4Packet", ReadIpv4Packet, MakeStructure<Ipv4Header>),
        new ReaderTarget("Ipv6Packet", ReadIpv6Packet, MakeIpv6Packet),
        new ReaderTarget("InternetChecksum", ReadChecksum, MakeBytes),
    ];

    private static ulong ReadVarInt(ReadOnlySpan<byte> input)
    {
        if (!VarInt.TryRead(input, out ulong value, out int consumed))
            return 0;
        Span<byte> written = stackalloc byte[VarInt.MaxLength];
        FuzzViolationException.Require(VarInt.Write(written, value, consumed) == consumed, "An integer is written in the length asked for.");
        FuzzViolationException.Require(written[..consumed].SequenceEqual(input[..consumed]), "An integer of a given length has one form.");
        FuzzViolationException.Require(VarInt.Length(value) <= consumed, "The shortest form is not longer.");
        return value | 1UL << 63;
    }

    private static ulong ReadAckRanges(ReadOnlySpan<byte> input)
    {
        if (!AckFrame.TryParse(input, out AckFrame frame, out _))
            return 0;
        var ranges = new List<PacketNumberRange>();
        foreach (PacketNumberRange range in frame)
        {
            FuzzViolationException.Require(range.Smallest <= range.Largest, "A range has a packet.");
            FuzzViolationException.Require(ranges.Count == 0 || range.Largest + 1 < ranges[^1].Smallest, "Ranges descend with gaps.");
            ranges.Add(range);
        }
        FuzzViolationException.Require((ulong)ranges.Count == frame.AckRangeCount + 1, "All ranges are seen.");
        Span<byte> written = new byte[frame.EncodedLength];
        int length = AckFrame.Write(written, ranges.ToArray(), frame.AckDelay, frame.HasEcnCounts ? frame.EcnCounts : null, out _);
        // The list in the frame is a view: integers in more bytes than they need stay as they came.
        bool isShortest = length == written.Length;
        FuzzViolationException.Require(!isShortest || written.SequenceEqual(RoundTrip.Rewrite(in frame)), "The two writers agree.");
        var digest = new Digest();
        digest.Add(written[..length]);
        return digest.Value;
    }

    private static ulong ReadIpv4Packet(ReadOnlySpan<byte> input)
    {
        if (!Ipv4Packet.TryParse(input, out Ipv4Packet packet))
            return 0;
        FuzzViolationException.Require(packet.Header.HeaderLength + packet.Payload.Length == packet.Header.TotalLength, "The total length counts header and payload.");
        var digest = new Digest();
        digest.Add(packet.Header.Options);
        digest.Add(packet.Payload);
        return digest.Value;
    }

    private static ulong ReadIpv6Packet(ReadOnlySpan<byte> input)
    {
        if (!Ipv6Packet.TryParse(input, out Ipv6Packet packet))
            return 0;
        FuzzViolationException.Require(packet.Extensions.Count <= Ipv6ExtensionHeaders.MaxHeaders, "The chain is bounded.");
        FuzzViolationException.Require(packet.Extensions.Encoded.Length + packet.Payload.Length == packet.Header.PayloadLength, "The payload length counts extensions and payload.");
        var digest = new Digest();
        digest.Add((ulong)packet.Protocol);
        digest.Add(packet.Extensions.IsFragment ? 1UL : 0UL);
        digest.Add(packet.Payload);
        return digest.Value;
    }

    // RFC 1071 word by word, beside the vectors; and RFC 1624 beside a new sum.
    private static ulong ReadChecksum(ReadOnlySpan<byte> input)
    {
        uint sum = 0;
        for (int i = 0; i < input.Length; i += 2)
        {
            sum += (uint)input[i] << 8 | (i + 1 < input.Length ? input[i + 1] : 0u);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        ushort expected = (ushort)(~sum & 0xFFFF);
        ushort actual = InternetChecksum.Compute(input);
        FuzzViolationException.Require(actual == expected, "Vectors and words give one sum.");
        if (input.Length < 4)
            return actual | 1UL << 16;
        byte[] changed = input.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(changed, BinaryPrimitives.ReadUInt16BigEndian(input[2..]));
        ushort updated = InternetChecksum.Update(actual, BinaryPrimitives.ReadUInt16BigEndian(input), BinaryPrimitives.ReadUInt16BigEndian(input[2..]));
        ushort again = InternetChecksum.Compute(changed);
        // 0 and 0xffff are one number in ones' complement: all-zero data is the only block that has the second.
        FuzzViolationException.Require(updated == again || (updated ^ again) == 0xFFFF && updated is 0 or 0xFFFF, "An update gives the sum of the changed block.");
        return actual | 1UL << 16;
    }

    private static void MakeVarInt(EncodingBuffer output, ref FuzzRandom random) =>
        output.AppendVarInt(random.Next() >> random.Between(2, 63), 1 << random.Below(4));

    private static void MakeBytes(EncodingBuffer output, ref FuzzRandom random) =>
        random.Fill(output.Extend(random.OneIn(4) ? random.Below(1500) : random.Below(80)));

    private static void MakeStructure<T>(EncodingBuffer output, ref FuzzRandom random)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        StructureGenerator.For(typeof(T)).Append(output, ref random);
        random.Fill(output.Extend(random.Below(64)));
    }

    private static void MakeIpv6Packet(EncodingBuffer output, ref FuzzRandom random)
    {
        ReadOnlySpan<byte> chain = [0, 43, 44, 51, 60, 135, 6, 17, 58];
        StructureGenerator.For(typeof(Ipv6Header)).Append(output, ref random);
        int payload = random.Below(128);
        random.Fill(output.Extend(payload));
        BinaryPrimitives.WriteUInt16BigEndian(output.Written[4..], (ushort)payload);
        output.Written[6] = chain[random.Below(chain.Length)];
        for (int place = 40; place + 1 < output.Length; place += 8)
        {
            output.Written[place] = chain[random.Below(chain.Length)];
            output.Written[place + 1] = 0;
        }
    }
}
