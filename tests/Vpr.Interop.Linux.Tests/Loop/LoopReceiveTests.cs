using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>A loop that receives into one batch, the same for epoll and io_uring, which receives ahead.</summary>
public abstract class LoopReceiveTests
{
    private const int RunSize = ushort.MaxValue;

    private protected abstract IoBackend Backend { get; }

    private static Instant Soon => MonotonicClock.Now + TimeSpan.FromSeconds(10);

    [NetworkTheory]
    [InlineData(true, 8)]
    [InlineData(true, 3)]
    [InlineData(false, 64)]
    [InlineData(false, 5)]
    public void Runs_and_datagrams_of_both_versions_come_with_path_and_ecn(bool receiveOffload, int slots) => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("[::]:0"), socket = Bind("[::]:0", receiveOffload);
        PacketBatch received = CreateReceived(poller, slots, receiveOffload ? RunSize : 2048);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        PacketBatch outgoing = Create(capacity: 40, size: 64_000);
        List<(byte[] Bytes, EcnCodepoint Ecn, DatagramPath Path)> expected = [];
        for (int i = 0; i < 40; i++)
        {
            // The longest run there is among them, single datagrams and empty ones.
            bool isIpv4 = i % 3 == 0;
            int size = i % 4 == 0 ? 0 : 1000 + i, length = i == 7 ? 0 : size == 0 ? 700 : i == 9 ? 61_000 : size * (i % 5 + 1) + i % 2 * 17;
            DatagramPath path = new(At(socket, isIpv4), At(sender, isIpv4));
            outgoing.Append(Filled(length, i), new DatagramPath(default, path.Local), (EcnCodepoint)(i % 4));
            outgoing[i].SegmentSize = size;
            expected.AddRange(Cut(Filled(length, i), size).Select(bytes => (bytes, (EcnCodepoint)(i % 4), path)));
        }

        Assert.Equal(40, sender.Send(outgoing, 0));
        List<(byte[] Bytes, EcnCodepoint Ecn, DatagramPath Path)> got = [];
        int runs = 0;
        while (got.Count < expected.Count)
        {
            Assert.Equal(1, poller.Wait(Soon));
            Assert.True(source.IsReadable);
            Assert.Equal(source.Device.Receive(received), received.Count);
            for (int i = 0; i < received.Count; i++)
            {
                PacketSlot slot = received[i];
                if (slot.SegmentSize > 0) runs++;
                got.AddRange(Cut(received.Packet(i).ToArray(), slot.SegmentSize).Select(bytes => (bytes, slot.Ecn, slot.Path)));
            }

            received.Clear();
        }

        Assert.Equal(expected, got, (left, right) => left.Bytes.AsSpan().SequenceEqual(right.Bytes) && left.Ecn == right.Ecn && left.Path == right.Path);
        Assert.Equal(receiveOffload, runs > 0);
        Assert.Equal(default, socket.Counters);
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        poller.Remove(source);
    });

    [NetworkTheory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_storm_is_received_whole_and_in_order_by_few_slots(int slots) => NetworkNamespace.Run(() =>
    {
        const int Datagrams = 3000, Burst = 300;
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0", bufferSize: 4_000_000);
        PacketBatch received = CreateReceived(poller, slots, 256), outgoing = Create(capacity: Burst);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        int sent = 0, next = 0;
        while (next < Datagrams)
        {
            if (sent < Datagrams && next >= sent - Burst / 2)
            {
                outgoing.Clear();
                for (int i = 0; i < Burst; i++) outgoing.Append(BitConverter.GetBytes(sent++), new DatagramPath(default, socket.LocalEndpoint));
                Assert.Equal(Burst, sender.Send(outgoing, 0));
            }

            Assert.Equal(1, poller.Wait(Soon));
            // A loop with other work does not always come to it.
            if (next % 11 == 0 && poller.Wait(MonotonicClock.Now) == 0) Assert.Fail("The socket was readable and is not any more.");
            Assert.InRange(source.Device.Receive(received), 1, slots);
            for (int i = 0; i < received.Count; i++) Assert.Equal(next++, BitConverter.ToInt32(received.Packet(i)));
            received.Clear();
        }

        Assert.Equal((Datagrams, Datagrams), (sent, next));
        Assert.Equal(default, socket.Counters);
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        poller.Remove(source);
    });

    [NetworkFact]
    public void What_a_slot_holds_stays_while_more_comes() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0");
        PacketBatch received = CreateReceived(poller, 4, 2048);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        for (int round = 0; round < 5; round++)
        {
            for (byte i = 1; i <= 6; i++)
            {
                Send(sender, socket, Filled(1500, i));
                Assert.Equal(1, poller.Wait(Soon));
                Assert.Equal(i <= 4 ? 1 : 0, source.Device.Receive(received));
                Assert.Equal(Math.Min((int)i, 4), received.Count);
                for (byte held = 1; held <= received.Count; held++) Assert.Equal(Filled(1500, held), received.Packet(held - 1));
            }

            // A full batch is no reason to be silent: the loop is to make room.
            received.Clear();
            for (byte i = 5; i <= 6;)
            {
                Assert.Equal(1, poller.Wait(Soon));
                source.Device.Receive(received);
                for (int slot = 0; slot < received.Count; slot++) Assert.Equal(Filled(1500, i++), received.Packet(slot));
                received.Clear();
            }
        }

        poller.Remove(source);
    });

    [NetworkFact]
    public void It_is_silent_while_it_is_not_watched_and_loses_nothing() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0");
        PacketBatch received = CreateReceived(poller, 4, 2048);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        poller.Watch(source, Readiness.Writable);
        Send(sender, socket, [1]);
        Assert.Equal(1, poller.Wait(Soon));
        Assert.Equal(Readiness.Writable, source.Ready);
        poller.Watch(source, Readiness.None);
        Assert.Equal(0, poller.Wait(MonotonicClock.Now + TimeSpan.FromMilliseconds(20)));
        poller.Watch(source, Readiness.Readable | Readiness.Writable);
        Assert.Equal(1, poller.Wait(Soon));
        Assert.True(source.IsReadable);
        Assert.Equal(1, source.Device.Receive(received));
        Assert.Equal([1], received.Packet(0).ToArray());
        poller.Remove(source);
    });

    [NetworkFact]
    public void What_does_not_fit_its_slot_is_dropped_and_counted() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0");
        PacketBatch received = CreateReceived(poller, 3, 500);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        int[] lengths = [500, 501, 2000, 10, 500, 1000, 7];
        foreach (int length in lengths) Send(sender, socket, Filled(length, length));
        List<int> got = [];
        while (got.Count < 4)
        {
            Assert.Equal(1, poller.Wait(Soon));
            source.Device.Receive(received);
            for (int i = 0; i < received.Count; i++)
            {
                got.Add(received[i].Length);
                Assert.Equal(Filled(got[^1], got[^1]), received.Packet(i));
            }

            received.Clear();
        }

        Assert.Equal([500, 10, 500, 7], got);
        Assert.Equal(new UdpCounters { Truncated = 3 }, socket.Counters);
        poller.Remove(source);
    });

    [NetworkTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_removed_socket_gives_what_came_frees_its_port_and_may_be_added_again(bool closedFirst) => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0");
        PacketBatch received = CreateReceived(poller, 4, 2048);
        string address = "127.0.0.1:0";
        for (int round = 0; round < 10; round++)
        {
            UdpDatagramSocket socket = BindAgain(address);
            address = socket.LocalEndpoint.ToString();
            for (byte again = 0; again < 3; again++)
            {
                LoopSource<IDatagramSocket> source = poller.Add(socket, received);
                Assert.Equal(0, poller.Wait(MonotonicClock.Now));
                Send(sender, socket, Filled(100, again));
                Assert.Equal(1, poller.Wait(Soon));
                if (closedFirst && again == 2)
                {
                    socket.Dispose();
                    poller.Remove(source);
                    break;
                }

                poller.Remove(source);
                Assert.Equal(1, source.Device.Receive(received));
                Assert.Equal(Filled(100, again), received.Packet(0));
                received.Clear();
                Assert.Equal(0, source.Device.Receive(received));
            }

            socket.Dispose();
        }
    });

    [NetworkFact]
    public void A_steady_receiver_allocates_nothing() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0", receiveOffload: true);
        PacketBatch received = CreateReceived(poller, 8, RunSize), outgoing = Create(capacity: 12, size: 16_000);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        for (int i = 0; i < 12; i++)
        {
            outgoing.Append(Filled(13_000, i), new DatagramPath(default, socket.LocalEndpoint), EcnCodepoint.Ect0);
            outgoing[i].SegmentSize = 1300;
        }

        long bytes = 0;
        Allocations.AssertNone(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                sender.Send(outgoing, 0);
                for (long left = 12 * 13_000; left > 0;)
                {
                    if (poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(1)) == 0) return;
                    source.Device.Receive(received);
                    for (int i = 0; i < received.Count; i++) left -= received[i].Length;
                    received.Clear();
                }

                bytes += 12 * 13_000;
            }
        });
        Assert.True(bytes >= 100 * 12 * 13_000);
        poller.Remove(source);
    });

    [NetworkFact]
    public void A_batch_without_room_for_what_comes_is_refused() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket socket = Bind("127.0.0.1:0", receiveOffload: true), plain = Bind("127.0.0.1:0");
        Assert.Throws<ArgumentException>(() => poller.Add(socket, CreateReceived(poller, 4, RunSize - 1)));
        int headroom = poller.ReceiveHeadroom - 1;
        if (headroom >= 0) Assert.Throws<ArgumentException>(() => poller.Add(plain, new PacketBatch(4, headroom + 2048, headroom)));
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
    });

    private protected static PacketBatch CreateReceived(LoopPoller poller, int slots, int size) => new(slots, poller.ReceiveHeadroom + size, poller.ReceiveHeadroom);

    private protected static UdpDatagramSocket Bind(string address, bool receiveOffload = false, int bufferSize = 2_000_000) => UdpDatagramSocket.Bind(
        new UdpSocketOptions { LocalEndpoint = Endpoint(address), ReceiveOffload = receiveOffload, BufferSize = bufferSize });

    // Tests beside this one start programs; between fork and exec a child holds our descriptors for a moment.
    private static UdpDatagramSocket BindAgain(string address)
    {
        UdpDatagramSocket? socket = null;
        SpinWait.SpinUntil(() => (socket = TryBind(address)) is not null, TimeSpan.FromSeconds(5));
        return socket ?? throw new InvalidOperationException($"{address} is still held.");
    }

    private static UdpDatagramSocket? TryBind(string address)
    {
        try
        {
            return Bind(address);
        }
        catch (LinuxException exception) when (exception.Code == LinuxErrorCode.EADDRINUSE)
        {
            return null;
        }
    }

    private protected static void Send(UdpDatagramSocket sender, UdpDatagramSocket to, byte[] datagram) =>
        Assert.Equal(1, sender.Send(Create(1).Append(datagram, new DatagramPath(default, to.LocalEndpoint)), 0));

    private protected static byte[] Filled(int length, int seed)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = unchecked((byte)(seed * 31 + i * 7 + (i >> 8)));
        return bytes;
    }

    private static UdpEndpoint At(UdpDatagramSocket socket, bool isIpv4) =>
        Endpoint((isIpv4 ? "127.0.0.1:" : "[::1]:") + socket.LocalEndpoint.Port);

    private static IEnumerable<byte[]> Cut(byte[] run, int size)
    {
        if (size == 0 || run.Length == 0) return [run];
        return run.Chunk(size);
    }
}

public sealed class EpollReceiveTests : LoopReceiveTests
{
    private protected override IoBackend Backend => IoBackend.Epoll;
}
