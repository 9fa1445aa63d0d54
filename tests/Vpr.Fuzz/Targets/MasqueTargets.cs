using Vpr.Fuzz.Generation;
using Vpr.Http3;
using Vpr.Masque;
using Vpr.Wire.Ip;
using Vpr.Wire.Masque;

namespace Vpr.Fuzz.Targets;

/// <summary>What a tunnel's end reads: capsules in pieces, inner packets, the field that carries a handshake.</summary>
internal static class MasqueTargets
{
    private static readonly Type[] Capsules = [.. TargetCatalog.MembersOf(typeof(Capsule))];
    private static readonly FuzzTarget[] Packets = [.. ViewTargets.All.Where(target => target.Name is "Ipv4Packet" or "Ipv6Packet")];

    /// <summary>One target a reader.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("CapsuleStream", ReadCapsules, MakeCapsules),
        new ReaderTarget("InnerPacket", ReadPacket, MakePacket),
        new ReaderTarget("NoiseAuthorization", ReadAuthorization, MakeAuthorization),
    ];

    private static ulong ReadCapsules(ReadOnlySpan<byte> input)
    {
        ulong whole = Cut(input, input.Length);
        FuzzViolationException.Require(whole == Cut(input, 1) && whole == Cut(input, 7), "Fragmentation does not matter.");
        return whole;
    }

    private static ulong Cut(ReadOnlySpan<byte> input, int piece)
    {
        using var reader = new CapsuleReader();
        var digest = new Digest();
        int capsules = 0;
        byte[] copy = input.ToArray();
        for (int start = 0; start < copy.Length; start += piece)
        {
            Span<byte> rest = copy.AsSpan(start, Math.Min(piece, copy.Length - start));
            CapsuleStatus status;
            while ((status = reader.Read(ref rest, out ulong type, out Span<byte> capsule)) == CapsuleStatus.Complete)
            {
                digest.Add(type);
                digest.Add(capsule);
                capsules++;
            }
            if (status == CapsuleStatus.TooLong)
            {
                digest.Add(ulong.MaxValue);
                break;
            }
        }
        return capsules == 0 ? 0 : digest.Value;
    }

    private static ulong ReadPacket(ReadOnlySpan<byte> input)
    {
        if (!IpPacket.TryRead(input, out IpPacket packet))
            return 0;
        FuzzViolationException.Require(packet.Length <= input.Length, "A packet is no longer than what there is of it.");
        byte[] forwarded = input[..packet.Length].ToArray();
        bool wasValid = packet.Version == IpVersion.V6 || IsHeaderValid(forwarded);
        if (IpPacket.TryDecrementHopLimit(forwarded))
        {
            FuzzViolationException.Require(IpPacket.TryRead(forwarded, out IpPacket hopped) && hopped.HopLimit == packet.HopLimit - 1, "A hop costs one.");
            FuzzViolationException.Require(packet.Version == IpVersion.V6 || IsHeaderValid(forwarded) == wasValid, "A hop mends the checksum.");
        }

        var from = new IpAddress(packet.Version, packet.Version == IpVersion.V4 ? 0xC0000201 : new UInt128(0x2001_0DB8_0000_0000, 1));
        byte[] error = new byte[IcmpError.MaxLength];
        foreach (PacketVerdict verdict in Enum.GetValues<PacketVerdict>())
        {
            int length = IcmpError.Write(verdict, input, from, 1280, error);
            if (length > 0)
                RequireError(error.AsSpan(0, length), packet);
        }
        return (uint)packet.Length | 1UL << 32;
    }

    private static bool IsHeaderValid(ReadOnlySpan<byte> packet) => InternetChecksum.IsValid(0, packet[..((packet[0] & 0x0F) * 4)]);

    private static void RequireError(ReadOnlySpan<byte> error, in IpPacket cause)
    {
        FuzzViolationException.Require(IpPacket.TryRead(error, out IpPacket packet) && packet.Length == error.Length, "An error is a packet.");
        FuzzViolationException.Require(packet.Destination == cause.Source, "It goes to whom it concerns.");
        if (packet.Version == IpVersion.V4)
        {
            FuzzViolationException.Require(IsHeaderValid(error) && InternetChecksum.IsValid(0, error[Ipv4Header.MinLength..]), "Its checksums are right.");
            return;
        }
        ulong pseudo = InternetChecksum.PseudoHeader(packet.Source.Value, packet.Destination.Value, IpProtocol.Icmpv6, error.Length - Ipv6Header.Length);
        FuzzViolationException.Require(InternetChecksum.IsValid(pseudo, error[Ipv6Header.Length..]), "Its checksum is right.");
    }

    private static ulong ReadAuthorization(ReadOnlySpan<byte> input)
    {
        using var fields = new FieldSection();
        fields.Add(FieldNames.Authorization, input);
        if (!NoiseScheme.TryRead(fields, FieldNames.Authorization, out byte[]? message))
            return 0;
        FuzzViolationException.Require(message.Length <= NoiseScheme.MaxMessageLength, "A message stays within its limit.");
        using var again = new FieldSection();
        NoiseScheme.Add(again, FieldNames.Authorization, message);
        FuzzViolationException.Require(NoiseScheme.TryRead(again, FieldNames.Authorization, out byte[]? same) && message.AsSpan().SequenceEqual(same), "A message comes back as it was.");
        var digest = new Digest();
        digest.Add(message);
        return digest.Value;
    }

    private static void MakeCapsules(EncodingBuffer output, ref FuzzRandom random)
    {
        for (int capsules = random.Between(1, 4); capsules > 0; capsules--)
            StructureGenerator.For(Capsules[random.Below(Capsules.Length)]).Append(output, ref random);
    }

    private static void MakePacket(EncodingBuffer output, ref FuzzRandom random) => Packets[random.Below(Packets.Length)].Generate(output, ref random);

    private static void MakeAuthorization(EncodingBuffer output, ref FuzzRandom random)
    {
        Span<byte> message = stackalloc byte[random.Below(96)];
        random.Fill(message);
        output.Append("Noise "u8);
        output.Append(System.Text.Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(message)));
    }
}
