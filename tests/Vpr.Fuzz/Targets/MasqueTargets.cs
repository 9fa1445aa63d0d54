using Vpr.Fuzz.Generation;
using Vpr.Masque;
using Vpr.Wire.Masque;
using Vpr.Wire.Noise;
using IpPrefix = Vpr.Masque.IpPrefix;

namespace Vpr.Fuzz.Targets;

/// <summary>What a tunnel reads: the stream of capsules, and the packets inside.</summary>
internal static class MasqueTargets
{
    private static readonly ulong[] s_types =
    [
        DatagramCapsule.WireType, AddressAssignCapsule.WireType, AddressRequestCapsule.WireType, RouteAdvertisementCapsule.WireType,
        TunnelCapsuleType.RegisterContext, TunnelCapsuleType.CloseContext, TunnelCapsuleType.RekeyInitiate, 0x17,
    ];

    /// <summary>The request stream, and inner packets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("CapsuleStream", ReadCapsuleStream, MakeCapsuleStream),
        new ReaderTarget("InnerPacket", ReadInnerPacket, MakeInnerPacket),
    ];

    private static ulong ReadCapsuleStream(ReadOnlySpan<byte> input)
    {
        ulong whole = Receive(input, input.Length, out bool accepted);
        FuzzViolationException.Require(whole == Receive(input, 1, out _) && whole == Receive(input, 7, out _), "Fragmentation does not matter.");
        return accepted ? whole : 0;
    }

    private static ulong Receive(ReadOnlySpan<byte> input, int step, out bool accepted)
    {
        var seen = new Seen();
        using var session = new ConnectIpSession(isServer: true, seen, seen);
        session.AdvertiseRoutes(RouteTable.Everything);
        byte[] bytes = input.ToArray();
        accepted = true;
        for (int start = 0; accepted && start < bytes.Length; start += step)
            accepted = session.ReceiveStream(bytes.AsSpan(start, Math.Min(step, bytes.Length - start)), fin: start + step >= bytes.Length);
        FuzzViolationException.Require(accepted == session.Failure is null, "A stream that is refused has a reason.");
        seen.Digest.Add(session.Pending);
        seen.Digest.Add([(byte)(accepted ? 1 : 0)]);
        return seen.Digest.Value;
    }

    private static ulong ReadInnerPacket(ReadOnlySpan<byte> input)
    {
        if (!IpPacket.TryRead(input, out IpPacket facts))
            return 0;
        FuzzViolationException.Require(facts.Length <= input.Length && facts.PayloadOffset <= facts.Length, "A packet lies in its bytes.");
        byte[] packet = input[..facts.Length].ToArray();
        bool decremented = IpPacket.TryDecrementHopLimit(packet);
        FuzzViolationException.Require(decremented == facts.HopLimit > 1, "A hop limit goes down to one.");
        FuzzViolationException.Require(IpPacket.TryRead(packet, out IpPacket after) && after.HopLimit == facts.HopLimit - (decremented ? 1 : 0), "A packet stays one.");

        var digest = new Digest();
        digest.Add(packet);
        IpAddress us = new(facts.Version, 0x0A4D_0001);
        byte[] error = new byte[IcmpError.MaxLength];
        foreach (PacketVerdict verdict in Enum.GetValues<PacketVerdict>())
        {
            int length = IcmpError.Write(verdict, input, us, 1280, error);
            FuzzViolationException.Require(
                length == 0 || (IpPacket.TryRead(error.AsSpan(0, length), out IpPacket answer) && answer.Destination == facts.Source && answer.Length == length),
                "An error is a packet to the sender.");
            FuzzViolationException.Require(
                length == 0 || IcmpError.Write(verdict, error.AsSpan(0, length).ToArray(), us, 1280, new byte[IcmpError.MaxLength]) == 0,
                "An error is not answered by an error.");
            digest.Add(error.AsSpan(0, length));
        }

        return digest.Value;
    }

    private static void MakeCapsuleStream(EncodingBuffer output, ref FuzzRandom random)
    {
        Span<byte> body = stackalloc byte[64];
        for (int capsules = random.Below(5); capsules > 0; capsules--)
        {
            ulong type = s_types[random.Below(s_types.Length)];
            int length = MakeBody(type, body, ref random);
            output.AppendVarInt(type);
            output.AppendVarInt((ulong)length);
            output.Append(body[..length]);
        }
    }

    private static int MakeBody(ulong type, Span<byte> body, ref FuzzRandom random)
    {
        random.Fill(body);
        switch (type)
        {
            case AddressAssignCapsule.WireType or AddressRequestCapsule.WireType:
                body[0] = (byte)random.Between(1, 63);
                body[1] = 4;
                body[6] = 32;
                return 7;
            case RouteAdvertisementCapsule.WireType:
                body[0] = 4;
                body[1] = 1;
                body[5] = 2;
                return 10;
            case TunnelCapsuleType.RegisterContext:
                body[0] = (byte)(2 * random.Between(1, 31));
                body[1] = 1;
                return 3;
            case TunnelCapsuleType.CloseContext:
                body[0] = (byte)random.Between(1, 63);
                return 1;
            default:
                return random.Between(1, body.Length);
        }
    }

    private static void MakeInnerPacket(EncodingBuffer output, ref FuzzRandom random)
    {
        bool isIpv4 = random.OneIn(2);
        int header = isIpv4 ? 20 : 40;
        Span<byte> packet = output.Extend(header + random.Below(64));
        random.Fill(packet);
        int length = isIpv4 ? packet.Length : packet.Length - header;
        int at = isIpv4 ? 2 : 4;
        packet[0] = (byte)(isIpv4 ? 0x45 : 0x60);
        packet[at] = 0;
        packet[at + 1] = (byte)length;
        packet[isIpv4 ? 9 : 6] = (byte)(random.OneIn(2) ? isIpv4 ? 1 : 58 : 17);
    }

    /// <summary>Writes down all that a session tells, and gives every client one address.</summary>
    private sealed class Seen : IConnectIpHandler, IAddressSource
    {
        public Digest Digest = new();

        public bool TryAssign(IpVersion version, IpPrefix preferred, out IpPrefix assigned)
        {
            assigned = IpPrefix.Single(new IpAddress(version, 0x0A4D_0002));
            return true;
        }

        public void OnPacket(ConnectIpSession session, in IpPacket facts, Span<byte> packet) => Add(1, packet);

        public void OnContextDatagram(ConnectIpSession session, in DatagramContext context, Span<byte> payload) => Add(2, payload);

        public void OnDropped(ConnectIpSession session, PacketVerdict verdict, ReadOnlySpan<byte> packet) => Add((byte)(16 + verdict), packet);

        public void OnAddressesAssigned(ConnectIpSession session) => Digest.Add((ulong)session.AssignedToUs.Length);

        public void OnRoutesAdvertised(ConnectIpSession session) => Digest.Add((ulong)session.PeerRoutes.Ranges.Length);

        public bool OnContextRegistered(ConnectIpSession session, in DatagramContext context)
        {
            Add(5, [context.Epoch]);
            Digest.Add(context.Id);
            return context.Format == ContextFormat.NoiseTransport;
        }

        public void OnContextClosed(ConnectIpSession session, in DatagramContext context) => Digest.Add(context.Id);

        public void OnRekeyInitiate(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message) => Add(7, message);

        public void OnRekeyRespond(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message) => Add(8, message);

        private void Add(byte kind, ReadOnlySpan<byte> bytes)
        {
            Digest.Add([kind]);
            Digest.Add(bytes);
        }
    }
}
