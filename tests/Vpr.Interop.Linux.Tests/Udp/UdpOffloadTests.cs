using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>Runs of datagrams, with the kernel's help and without it.</summary>
public sealed class UdpOffloadTests
{
    [NetworkTheory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", true, true)]
    [InlineData("[::1]:0", "[::1]:0", true, true)]
    [InlineData("[::]:0", "127.0.0.1:0", true, true)]
    [InlineData("127.0.0.1:0", "[::]:0", true, true)]
    [InlineData("0.0.0.0:0", "127.0.0.1:0", true, false)]
    [InlineData("[::]:0", "[::1]:0", true, false)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false, true)]
    [InlineData("[::1]:0", "[::]:0", false, true)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false, false)]
    public void Runs_arrive_datagram_by_datagram(string from, string to, bool segmentation, bool receive) => NetworkNamespace.Run(() =>
    {
        FaultyKernel kernel = new((_, _) => LinuxErrorCode.None);
        using UdpDatagramSocket sender = Bind(from, segmentation, kernel), receiver = Bind(to, receive: receive);
        Assert.Equal(segmentation ? DatagramOffloads.Segmentation : DatagramOffloads.None, sender.Offloads);
        Assert.Equal(DatagramOffloads.Segmentation | (receive ? DatagramOffloads.Receive : DatagramOffloads.None), receiver.Offloads);
        bool isIpv4 = from.Contains('.') || to.Contains('.');
        DatagramPath path = new(default, At(receiver, isIpv4));
        // Even, uneven, of one datagram, of two with nearly nothing in the second, none at all, more than 64, more than 65,535 bytes.
        (int Length, int Size)[] runs =
        [
            (10 * 1200, 1200), (10 * 1200 + 1, 1200), (1200, 1200), (1199, 1200), (1201, 1200), (500, 0), (0, 100), (130 * 10 + 3, 10), (100 * 1400 + 77, 1400), (64 * 1000, 1000),
        ];
        Inbox inbox = new(receiver);
        for (int i = 0; i < runs.Length; i++)
        {
            EcnCodepoint ecn = (EcnCodepoint)(i % 4);
            PacketBatch outgoing = Create(capacity: 1, size: 160_000).Append(Filled(runs[i].Length, i), path, ecn);
            outgoing[0].SegmentSize = runs[i].Size;
            Assert.Equal(1, sender.Send(outgoing, 0));
            List<byte[]> expected = Cut(Filled(runs[i].Length, i), runs[i].Size);
            inbox.Take(expected.Count);
            Assert.Equal(expected, inbox.Datagrams);
            Assert.All(inbox.Slots, slot => Assert.Equal(ecn, slot.Ecn));
            Assert.All(inbox.Slots, slot => Assert.Equal(new DatagramPath(At(receiver, isIpv4), At(sender, isIpv4)), slot.Path));
            if (!receive) Assert.All(inbox.Slots, slot => Assert.Equal(0, slot.SegmentSize));
            if (segmentation && receive)
            {
                // One that was sent as one comes as one over loopback.
                int messages = expected.Count == 1 ? 1 : (expected.Count + PerMessage(runs[i].Size, isIpv4) - 1) / PerMessage(runs[i].Size, isIpv4);
                Assert.Equal(messages, inbox.Slots.Count);
                Assert.Equal(expected.Count == 1 ? 0 : runs[i].Size, inbox.Slots[0].SegmentSize);
            }
        }

        Assert.Equal(segmentation, kernel.Runs > 0);
        Assert.Equal((default, default), (sender.Counters, receiver.Counters));
    });

    [NetworkTheory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Runs_and_single_datagrams_of_a_batch_keep_their_order_and_ecn(bool segmentation, bool receive) => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind("[::]:0", segmentation), receiver = Bind("[::]:0", receive: receive);
        PacketBatch outgoing = Create(capacity: 40, size: 4000);
        List<byte[]> expected = [];
        for (int i = 0; i < 40; i++)
        {
            byte[] packet = Filled(100 + 90 * i, i);
            outgoing.Append(packet, new DatagramPath(default, At(receiver, isIpv4: i % 3 == 0)), (EcnCodepoint)(i % 4));
            outgoing[i].SegmentSize = i % 2 * 350;
            expected.AddRange(Cut(packet, i % 2 * 350));
        }

        Assert.Equal(37, sender.Send(outgoing, 3));
        expected.RemoveRange(0, Cut(Filled(190, 1), 350).Count + 2);
        Inbox inbox = new(receiver);
        inbox.Take(expected.Count);
        Assert.Equal(expected, inbox.Datagrams);
        Assert.Equal(4, inbox.Slots.Select(slot => slot.Ecn).Distinct().Count());
        // The slots stay as they were: all of them went.
        for (int i = 0; i < 40; i++) Assert.Equal((Headroom, 100 + 90 * i), (outgoing[i].Offset, outgoing[i].Length));
    });

    [NetworkTheory]
    [InlineData(LinuxErrorCode.EIO)]
    [InlineData(LinuxErrorCode.EINVAL)]
    [InlineData(LinuxErrorCode.EOPNOTSUPP)]
    [InlineData(LinuxErrorCode.EMSGSIZE)]
    public void A_kernel_that_refuses_runs_in_the_middle_of_a_stream_loses_none_and_is_not_asked_again(LinuxErrorCode refusal) => NetworkNamespace.Run(() =>
    {
        FaultyKernel kernel = new((number, isRun) => isRun && number >= 5 ? refusal : LinuxErrorCode.None);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0", segmentation: true, kernel), receiver = Bind("127.0.0.1:0");
        PacketBatch outgoing = Create(capacity: 16, size: 12_500);
        List<byte[]> expected = [];
        for (int i = 0; i < 16; i++)
        {
            outgoing.Append(Filled(12_345, i), new DatagramPath(default, receiver.LocalEndpoint));
            outgoing[i].SegmentSize = 1200;
            expected.AddRange(Cut(Filled(12_345, i), 1200));
        }

        Assert.Equal(16, sender.Send(outgoing, 0));
        Inbox inbox = new(receiver);
        inbox.Take(expected.Count);
        Assert.Equal(expected, inbox.Datagrams);
        Assert.Equal(DatagramOffloads.None, sender.Offloads);
        Assert.Equal((5, 1, 5 + 11 * 11), (kernel.Runs, kernel.RefusedRuns, kernel.Messages));
        Assert.Equal(default, sender.Counters);

        Assert.Equal(16, sender.Send(outgoing, 0));
        inbox.Take(expected.Count);
        Assert.Equal(expected, inbox.Datagrams);
        Assert.Equal((5, 1), (kernel.Runs, kernel.RefusedRuns));
    });

    [NetworkFact]
    public void Whatever_the_kernel_refuses_and_whenever_it_is_full_each_datagram_arrives_once_and_in_order() => NetworkNamespace.Run(() =>
    {
        LinuxErrorCode[] refusals = [LinuxErrorCode.EIO, LinuxErrorCode.EINVAL, LinuxErrorCode.EOPNOTSUPP, LinuxErrorCode.EMSGSIZE, LinuxErrorCode.ENOPROTOOPT];
        int partial = 0, refused = 0;
        using UdpDatagramSocket receiver = Bind("127.0.0.1:0", receive: true);
        Inbox inbox = new(receiver);
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            int refusesFrom = random.Next(20);
            LinuxErrorCode refusal = refusals[random.Next(refusals.Length)];
            FaultyKernel kernel = new((number, isRun) =>
                random.Next(5) == 0 ? random.Next(4) == 0 ? LinuxErrorCode.EINTR : LinuxErrorCode.EAGAIN
                : isRun && number >= refusesFrom ? refusal : LinuxErrorCode.None);
            using UdpDatagramSocket sender = Bind("127.0.0.1:0", segmentation: true, kernel, batchSize: random.Next(1, 20));
            PacketBatch outgoing = Create(capacity: 8, size: 30_000);
            List<byte[]> expected = [];
            for (int i = 0; i < 8; i++)
            {
                int size = random.Next(4) == 0 ? 0 : random.Next(200, 1400), length = size == 0 ? random.Next(1400) : random.Next(30_000);
                outgoing.Append(Filled(length, seed + i), new DatagramPath(default, receiver.LocalEndpoint));
                outgoing[i].SegmentSize = size;
                expected.AddRange(Cut(Filled(length, seed + i), size));
            }

            int calls = 0;
            for (int next = 0; next < 8 && calls < 10_000; calls++)
            {
                next += sender.Send(outgoing, next);
                if (next < 8 && outgoing[next].Offset > Headroom) partial++;
            }

            inbox.Take(expected.Count);
            Assert.True(expected.Zip(inbox.Datagrams).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), $"seed {seed}");
            Assert.True(sender.Counters == default, $"seed {seed}: {sender.Counters}");
            if (kernel.RefusedRuns > 0 && sender.Offloads == DatagramOffloads.None) refused++;
        }

        Assert.True(partial > 50 && refused > 50, $"{partial} runs were left in part, {refused} sockets went without the offload");
    });

    [NetworkFact]
    public void A_run_that_no_path_takes_is_counted_by_datagrams_and_costs_the_offload_nothing() => NetworkNamespace.Run(() =>
    {
        Tool.Run("ip", "link set lo mtu 1500");
        FaultyKernel kernel = new((_, _) => LinuxErrorCode.None);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0", segmentation: true, kernel), receiver = Bind("127.0.0.1:0", receive: true);
        PacketBatch outgoing = Create(capacity: 4, size: 20_000)
            .Append(Filled(5 * 2000 + 100, 1), new DatagramPath(default, receiver.LocalEndpoint))
            .Append(Filled(5 * 1400, 2), new DatagramPath(default, receiver.LocalEndpoint))
            .Append(Filled(3 * 1000, 3), new DatagramPath(default, Endpoint("192.0.2.1:9")))
            .Append(Filled(4 * 1400 + 1, 4), new DatagramPath(default, receiver.LocalEndpoint));
        int[] sizes = [2000, 1400, 1000, 1400];
        for (int i = 0; i < 4; i++) outgoing[i].SegmentSize = sizes[i];
        Assert.Equal(4, sender.Send(outgoing, 0));

        // The last datagram of the first run is short enough.
        List<byte[]> expected = [Filled(5 * 2000 + 100, 1)[^100..], .. Cut(Filled(5 * 1400, 2), 1400), .. Cut(Filled(4 * 1400 + 1, 4), 1400)];
        Inbox inbox = new(receiver);
        inbox.Take(expected.Count);
        Assert.Equal(expected, inbox.Datagrams);
        Assert.Equal((5, 3, 0), (sender.Counters.TooLong, sender.Counters.Unreachable, sender.Counters.Refused));
        Assert.Equal(DatagramOffloads.Segmentation, sender.Offloads);
        Assert.Equal(2, kernel.Runs);
    });

    [NetworkFact]
    public void What_is_left_of_a_run_goes_when_a_full_socket_is_writable_again() => NetworkNamespace.Run(() =>
    {
        // A link whose queue is slow: what waits in it counts against the socket's send buffer.
        using ScratchNamespace target = new("run");
        Tool.Run("ip", $"link add slow type veth peer name far netns {target.Name}");
        Tool.Run("ip", "addr add 10.5.0.1/24 dev slow");
        Tool.Run("ip", "link set slow up");
        Tool.Run("ip", $"-n {target.Name} link set far up");
        Tool.Run("ip", "neigh add 10.5.0.2 lladdr 02:00:00:00:00:02 dev slow");
        if (Tool.TryRun("tc", "qdisc add dev slow root tbf rate 50mbit burst 5kb limit 10mb").ExitCode != 0) return;

        using UdpDatagramSocket socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("10.5.0.1:0"), BufferSize = 20_000, SegmentationOffload = false });
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        LoopSource<IDatagramSocket> source = poller.Add(socket);
        PacketBatch batch = Create(capacity: 2, size: 60_000);
        for (int i = 0; i < 2; i++)
        {
            batch.Append(new byte[60_000], new DatagramPath(default, Endpoint("10.5.0.2:9")));
            batch[i].SegmentSize = 1200;
        }

        int partial = 0;
        for (int sent = source.Device.Send(batch, 0); sent < 2; sent += source.Device.Send(batch, sent))
        {
            if (batch[sent].Length is > 0 and < 60_000) partial++;
            Assert.Equal(60_000, batch[sent].Offset - Headroom + batch[sent].Length);
            Assert.Equal(0, batch[sent].Length % 1200);
            poller.Watch(source, Readiness.Readable | Readiness.Writable);
            Assert.Equal(1, poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)));
        }

        Assert.True(partial > 0);
        Assert.Equal(default, socket.Counters);
        // 100 datagrams, the last of which the queue may still hold, and now and then a neighbour's solicitation. Asked at once: they move while we look.
        System.Text.Json.JsonElement queue = Tool.Json("tc", "-j -s qdisc show dev slow")[0];
        Assert.InRange(queue.GetProperty("packets").GetInt64() + queue.GetProperty("qlen").GetInt64(), 100, 110);
    });

    [NetworkFact]
    public void A_slot_that_could_not_hold_a_run_is_refused() => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket receiver = Bind("127.0.0.1:0", receive: true);
        Assert.Throws<ArgumentException>(() => receiver.Receive(Create(size: 65_534)));
        Assert.Equal(0, receiver.Receive(Create(size: 65_535)));
        using UdpDatagramSocket plain = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0") });
        Assert.Equal(DatagramOffloads.Segmentation, plain.Offloads);
        Assert.Equal(0, plain.Receive(Create()));
    });

    [NetworkTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_steady_exchange_of_runs_allocates_nothing(bool segmentation) => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind("[::]:0", segmentation), receiver = Bind("[::]:0", receive: true);
        PacketBatch outgoing = Create(capacity: 4, size: 12_100), incoming = Create(capacity: 64, size: 65_535);
        for (int i = 0; i < 4; i++)
        {
            outgoing.Append(Filled(12_100, i), new DatagramPath(default, At(receiver, isIpv4: false)), EcnCodepoint.Ect0);
            outgoing[i].SegmentSize = 1200;
        }

        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        poller.Add(receiver);
        Allocations.AssertNone(() => Exchange(200));

        void Exchange(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                int sent = sender.Send(outgoing, 0), bytes = 0;
                while (bytes < 4 * 12_100 && poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)) > 0)
                {
                    incoming.Clear();
                    receiver.Receive(incoming);
                    for (int i = 0; i < incoming.Count; i++) bytes += incoming[i].Length;
                }

                if (sent != 4 || bytes != 4 * 12_100) Assert.Fail($"sent {sent} slots, received {bytes} bytes");
            }
        }
    });

    private static UdpDatagramSocket Bind(string endpoint, bool segmentation = true, FaultyKernel? kernel = null, bool receive = false, int batchSize = 64) =>
        UdpDatagramSocket.Bind(
            new UdpSocketOptions
            {
                LocalEndpoint = Endpoint(endpoint),
                BatchSize = batchSize,
                BufferSize = 4 << 20,
                SegmentationOffload = segmentation,
                ReceiveOffload = receive,
            },
            kernel is null ? Libc.sendmmsg : kernel.Send);

    private static UdpEndpoint At(UdpDatagramSocket socket, bool isIpv4) => Endpoint((isIpv4 ? "127.0.0.1:" : "[::1]:") + socket.LocalEndpoint.Port);

    private static int PerMessage(int size, bool isIpv4) => Math.Min(64, (isIpv4 ? 65_507 : 65_487) / size);

    private static byte[] Filled(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> Cut(byte[] run, int size) => size == 0 || run.Length == 0 ? [run] : [.. run.Chunk(size)];

    /// <summary>What a socket receives, datagram by datagram.</summary>
    private sealed class Inbox(UdpDatagramSocket socket)
    {
        private readonly PacketBatch _batch = Create(capacity: 16, size: 65_535);

        internal List<byte[]> Datagrams { get; } = [];

        internal List<PacketSlot> Slots { get; } = [];

        /// <summary>Receives until <paramref name="count"/> datagrams have come, and no other follows them.</summary>
        internal void Take(int count)
        {
            Datagrams.Clear();
            Slots.Clear();
            using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
            poller.Add(socket);
            Instant deadline = MonotonicClock.Now + TimeSpan.FromSeconds(10);
            while (Datagrams.Count < count && poller.Wait(deadline) > 0) Receive();
            Receive();
            Assert.Equal(count, Datagrams.Count);
        }

        private void Receive()
        {
            _batch.Clear();
            socket.Receive(_batch);
            for (int i = 0; i < _batch.Count; i++)
            {
                Slots.Add(_batch[i]);
                Datagrams.AddRange(Cut(_batch.Packet(i).ToArray(), _batch[i].SegmentSize));
            }
        }
    }
}
