using System.Net;
using System.Net.Sockets;
using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>Super-packets that the kernel makes, and that it takes back.</summary>
public sealed class TunOffloadTests
{
    private const int Mtu = 1500;

    [TunTheory]
    [InlineData(IoBackend.Epoll, PacketOffloads.All, "10.9.0.1", "10.9.0.2", false)]
    [InlineData(IoBackend.Epoll, PacketOffloads.All, "10.9.0.1", "10.9.0.2", true)]
    [InlineData(IoBackend.Epoll, PacketOffloads.Tso, "fd00:9::1", "fd00:9::2", true)]
    [InlineData(IoBackend.Epoll, PacketOffloads.Checksum, "10.9.0.1", "10.9.0.2", true)]
    [InlineData(IoBackend.Epoll, PacketOffloads.Uso, "fd00:9::1", "fd00:9::2", false)]
    [InlineData(IoBackend.Epoll, PacketOffloads.None, "10.9.0.1", "10.9.0.2", true)]
    [InlineData(IoBackend.IoUring, PacketOffloads.All, "fd00:9::1", "fd00:9::2", false)]
    [InlineData(IoBackend.IoUring, PacketOffloads.All, "10.9.0.1", "10.9.0.2", true)]
    [InlineData(IoBackend.IoUring, PacketOffloads.Checksum, "fd00:9::1", "fd00:9::2", false)]
    [InlineData(IoBackend.IoUring, PacketOffloads.None, "10.9.0.1", "10.9.0.2", false)]
    public void A_tcp_connection_through_it_loses_nothing(IoBackend backend, PacketOffloads wanted, string near, string far, bool gathers) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp(wanted, near.Contains(':'));
        Assert.Equal(wanted | (wanted == PacketOffloads.None ? PacketOffloads.None : PacketOffloads.Checksum), tun.Offloads);
        byte[] sent = new byte[4_000_000];
        new Random(3).NextBytes(sent);
        byte[] received = new byte[sent.Length + 1];
        int got = 0;

        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(near), 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Reflector reflector = new(tun, backend, gathers);
        reflector.RunWhile(
            () =>
            {
                using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
                client.Connect(new IPEndPoint(IPAddress.Parse(far), port));
                client.Send(sent);
                client.Shutdown(SocketShutdown.Send);
                Assert.Equal(0, client.Receive(new byte[1]));
            },
            () =>
            {
                using Socket server = listener.Accept();
                for (int read; (read = server.Receive(received.AsSpan(got))) > 0;) got += read;
            });

        Assert.Equal(sent.Length, got);
        Assert.True(sent.AsSpan().SequenceEqual(received.AsSpan(0, got)));
        Assert.Equal((0, 0, 0), (tun.DroppedWrites, tun.FailedReads, tun.RefusedSuperPackets));
        bool cuts = (wanted & PacketOffloads.Tso) != 0;
        Segmentation kind = near.Contains(':') ? Segmentation.Tcp6 : Segmentation.Tcp4;
        Assert.Equal(cuts ? [kind] : [], reflector.Segmentations);
        Assert.InRange(reflector.Longest, cuts ? 10 * Mtu : Mtu, cuts ? tun.MaxPacketLength : Mtu);
        Assert.Equal(wanted != PacketOffloads.None, reflector.PartialChecksums > 0);
    });

    [TunTheory]
    [InlineData(IoBackend.Epoll, PacketOffloads.All, "10.9.0.1", "10.9.0.2", false)]
    [InlineData(IoBackend.Epoll, PacketOffloads.Uso, "fd00:9::1", "fd00:9::2", true)]
    [InlineData(IoBackend.IoUring, PacketOffloads.All, "10.9.0.1", "10.9.0.2", true)]
    [InlineData(IoBackend.IoUring, PacketOffloads.Tso, "fd00:9::1", "fd00:9::2", false)]
    public void Datagrams_sent_as_one_arrive_as_many(IoBackend backend, PacketOffloads wanted, string near, string far, bool gathers) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp(wanted, near.Contains(':'));
        using Socket receiver = new(IPAddress.Parse(near).AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        receiver.Bind(new IPEndPoint(IPAddress.Parse(near), 0));
        int port = ((IPEndPoint)receiver.LocalEndPoint!).Port;
        byte[] sent = new byte[30 * 1000 + 77];
        new Random(5).NextBytes(sent);
        List<byte> received = [];
        List<int> sizes = [];

        Reflector reflector = new(tun, backend, gathers);
        reflector.RunWhile(() =>
        {
            using Socket sender = new(receiver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            sender.SetRawSocketOption(Libc.IPPROTO_UDP, Libc.UDP_SEGMENT, BitConverter.GetBytes(1000));
            sender.SendTo(sent, new IPEndPoint(IPAddress.Parse(far), port));
            byte[] datagram = new byte[2000];
            for (int i = 0; i <= 30; i++)
            {
                sizes.Add(receiver.Receive(datagram));
                received.AddRange(datagram.AsSpan(0, sizes[^1]));
            }
        });

        Assert.Equal([.. Enumerable.Repeat(1000, 30), 77], sizes);
        Assert.Equal(sent, received);
        bool cuts = (wanted & PacketOffloads.Uso) != 0;
        Assert.Equal(cuts ? [Segmentation.Udp] : [], reflector.Segmentations);
        Assert.Equal(cuts, reflector.Longest > Mtu);
        Assert.Equal((0, 0), (tun.DroppedWrites, tun.RefusedSuperPackets));
    });

    [TunTheory]
    [InlineData(IoBackend.Epoll)]
    [InlineData(IoBackend.IoUring)]
    public void A_super_packet_that_is_refused_comes_back_and_those_around_it_are_written(IoBackend backend) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp(PacketOffloads.Tso);
        using LoopPoller poller = LinuxPoller.Open(backend);
        LoopSource<IPacketDevice> source = poller.Add(tun);
        PacketBatch memory = Create();
        PacketGather gather = new(memory, packets: 8, pieces: 2000);
        Add(gather, 0);
        // A segment size of 0 is what the kernel refuses (EINVAL).
        gather[Add(gather, 1)].Segmentation = Segmentation.Tcp4;
        Add(gather, 2);
        // UDP segmentation was not asked for.
        ref GatheredPacket udp = ref gather[Add(gather, 3)];
        (udp.Segmentation, udp.SegmentSize) = (Segmentation.Udp, 10);
        // More pieces than a call may have.
        int many = Add(gather, 4);
        for (int i = 0; i < 1023; i++) Assert.True(gather.TryAppend(many, memory.Slot(4)[60..61]));
        (gather[many].Segmentation, gather[many].SegmentSize) = (Segmentation.Tcp4, 10);
        Add(gather, 5);
        // A plain packet that is none is dropped: to cut it would not help.
        memory.Slot(6)[0] = 0xF0;
        gather.Add(memory.Slot(6)[..1]);
        Add(gather, 7);

        List<int> refused = [];
        for (int next = 0; (next += source.Device.Write(gather, next)) < gather.Count; next++) refused.Add(next);
        Assert.Equal([1, 3, 4], refused);
        Assert.Equal(3, tun.RefusedSuperPackets);
        Assert.Equal(1, tun.DroppedWrites);
        Assert.Equal([0, 2, 5, 7], ReadAnswers(poller, source, 4));
        poller.Remove(source);

        int Add(PacketGather packets, ushort sequence)
        {
            byte[] request = EchoResponder.Request("10.9.0.2", "10.9.0.1", sequence);
            request.CopyTo(memory.Slot(sequence));
            return packets.Add(memory.Slot(sequence)[..request.Length]);
        }
    });

    [TunTheory]
    [InlineData(IoBackend.Epoll, PacketOffloads.None)]
    [InlineData(IoBackend.IoUring, PacketOffloads.None)]
    [InlineData(IoBackend.Epoll, PacketOffloads.Checksum)]
    [InlineData(IoBackend.IoUring, PacketOffloads.Checksum)]
    public void What_needs_an_offload_the_device_does_not_have_is_not_written(IoBackend backend, PacketOffloads wanted) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp(wanted);
        using LoopPoller poller = LinuxPoller.Open(backend);
        LoopSource<IPacketDevice> source = poller.Add(tun);
        PacketBatch packets = Create();
        for (ushort i = 0; i < 8; i++) packets.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", i));
        (packets[3].Segmentation, packets[3].SegmentSize) = (Segmentation.Tcp4, 10);
        Assert.Equal(7, source.Device.Write(packets));
        Assert.Equal(1, tun.DroppedWrites);
        Assert.Equal([0, 1, 2, 4, 5, 6, 7], ReadAnswers(poller, source, 7));
        poller.Remove(source);
    });

    [TunFact]
    public void Slots_must_hold_a_super_packet_and_its_header() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp(PacketOffloads.All);
        Assert.Equal(65_535, tun.MaxPacketLength);
        Assert.Throws<ArgumentException>(() => tun.Read(Create(size: 65_534)));
        Assert.Throws<ArgumentException>(() => tun.Read(new PacketBatch(1, 70_000, headroom: 9)));
        Assert.Equal(0, tun.Read(new PacketBatch(1, 65_535 + 10, headroom: 10)));
        PacketBatch packets = Create().Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", 1));
        packets[0].Offset = 9;
        Assert.Throws<ArgumentException>(() => tun.Write(packets));
        using TunDevice plain = TunDevice.Open(new TunOptions { Name = "vprplain" });
        Assert.Equal((PacketOffloads.None, plain.Mtu), (plain.Offloads, plain.MaxPacketLength));
    });

    [TunFact]
    public void Every_queue_of_an_interface_has_its_offloads() => NetworkNamespace.Run(() =>
    {
        using TunDevice first = TunDevice.Open(new TunOptions { Name = "vprq", MultiQueue = true, Offloads = PacketOffloads.All });
        using TunDevice second = first.OpenQueue();
        Assert.Equal((PacketOffloads.All, PacketOffloads.All), (first.Offloads, second.Offloads));
        Tool.Run("ip", "addr add 10.9.0.1/24 dev vprq");
        Tool.Run("ip", "link set vprq up");
        Assert.Equal(1, second.Write(Create().Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", 7))));
        Assert.Equal(0, second.DroppedWrites);
    });

    [Theory]
    [InlineData(PacketOffloads.All, 0x67u, PacketOffloads.All)]
    [InlineData(PacketOffloads.All, 0x07u, PacketOffloads.Checksum | PacketOffloads.Tso)]
    [InlineData(PacketOffloads.All, 0x01u, PacketOffloads.Checksum)]
    [InlineData(PacketOffloads.All, 0x00u, PacketOffloads.None)]
    [InlineData(PacketOffloads.Uso, 0x67u, PacketOffloads.Checksum | PacketOffloads.Uso)]
    [InlineData(PacketOffloads.Uso, 0x07u, PacketOffloads.Checksum)]
    [InlineData(PacketOffloads.Tso, 0x07u, PacketOffloads.Checksum | PacketOffloads.Tso)]
    public void What_the_kernel_does_not_know_falls_away_step_by_step(PacketOffloads wanted, uint known, PacketOffloads expected)
    {
        uint set = uint.MaxValue;
        PacketOffloads got = TunOffloadNegotiation.Negotiate(wanted, flags =>
        {
            if ((flags & ~known) != 0) return LinuxErrorCode.EINVAL;
            set = flags;
            return LinuxErrorCode.None;
        });
        Assert.Equal(expected, got);
        Assert.Equal(expected == PacketOffloads.None, set == 0);
    }

    [Fact]
    public void A_kernel_that_cannot_even_be_told_to_leave_packets_alone_is_refused() => Assert.Equal(
        LinuxErrorCode.EBADFD,
        Assert.Throws<LinuxException>(() => TunOffloadNegotiation.Negotiate(PacketOffloads.All, _ => LinuxErrorCode.EBADFD)).Code);

    [TunTheory]
    [InlineData(IoBackend.Epoll)]
    [InlineData(IoBackend.IoUring)]
    public void A_steady_flow_allocates_nothing(IoBackend backend) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp(PacketOffloads.All);
        using LoopPoller poller = LinuxPoller.Open(backend);
        LoopSource<IPacketDevice> source = poller.Add(tun);
        PacketBatch requests = Create(), answers = Create(size: tun.MaxPacketLength);
        for (ushort i = 0; i < 8; i++) requests.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", i));
        PacketGather gather = new(requests, packets: 8, pieces: 16);
        int answered = 0;
        Allocations.AssertNone(() => answered = Exchange(200));
        Assert.Equal(200 * 16, answered);
        poller.Remove(source);

        int Exchange(int rounds)
        {
            int got = 0;
            for (int round = 0; round < rounds; round++)
            {
                gather.Clear();
                for (int i = 0; i < 8; i++) gather.TryAppend(gather.Add(requests.Packet(i)[..20]), requests.Packet(i)[20..]);
                source.Device.Write(requests);
                source.Device.Write(gather, 0);
                for (int wanted = 16; wanted > 0 && poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)) > 0;)
                {
                    answers.Clear();
                    int read = source.Device.Read(answers);
                    wanted -= read;
                    got += read;
                }
            }

            return got;
        }
    });

    /// <summary>The sequence numbers of the next echo replies.</summary>
    private static List<int> ReadAnswers(LoopPoller poller, LoopSource<IPacketDevice> source, int count)
    {
        PacketBatch answers = Create(size: source.Device.MaxPacketLength);
        List<int> sequences = [];
        while (sequences.Count < count && poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)) > 0)
        {
            answers.Clear();
            source.Device.Read(answers);
            for (int i = 0; i < answers.Count; i++) sequences.Add(answers.Packet(i)[26] << 8 | answers.Packet(i)[27]);
        }

        return sequences;
    }

    private static TunDevice OpenUp(PacketOffloads offloads, bool isIpv6 = false)
    {
        TunDevice tun = TunDevice.Open(new TunOptions { Name = "vproff", Offloads = offloads });
        Tool.Run("ip", "addr add 10.9.0.1/24 dev vproff");
        // Router solicitations and multicast reports come only among the packets of a test that is about IPv6.
        if (isIpv6) Tool.Run("ip", "-6 addr add fd00:9::1/64 dev vproff nodad");
        else File.WriteAllText("/proc/sys/net/ipv6/conf/vproff/disable_ipv6", "1");
        Tool.Run("ip", "link set vproff txqueuelen 2000 up");
        if (isIpv6)
        {
            // The kernel adds the route to a new IPv6 address from a work queue; until then what is for it is dropped.
            using RouteNetlink netlink = new();
            Assert.True(SpinWait.SpinUntil(() => netlink.FindRoute(IPAddress.Parse("fd00:9::1")) is { Kind: RouteKind.Local }, TimeSpan.FromSeconds(10)));
        }

        return tun;
    }
}
