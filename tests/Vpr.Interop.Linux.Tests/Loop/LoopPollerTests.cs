using System.Diagnostics;
using Vpr.Interop.Tests;
using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>What loops do on Linux, the same for epoll and io_uring.</summary>
public abstract class LoopPollerTests : LoopPollerContract
{
    private protected abstract IoBackend Backend { get; }

    private static Instant Soon => MonotonicClock.Now + TimeSpan.FromSeconds(10);

    private protected override LoopPoller Open() => LinuxPoller.Open(Backend);

    private protected override LoopWakeUp CreateWakeUp() => new EventFd();

    [NetworkFact]
    public void It_says_what_it_is() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        Assert.Equal(Backend, poller.Backend);
        Assert.Equal(Backend == IoBackend.Epoll ? "epoll" : "io_uring", poller.Description);
    });

    [NetworkTheory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public void A_socket_wakes_the_loop_and_moves_batches(string address) => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket left = Bind(address), right = Bind(address);
        LoopSource<IDatagramSocket> sending = poller.Add(left), receiving = poller.Add(right);
        PacketBatch outgoing = Create(capacity: 40), incoming = Create(capacity: 64);
        for (int i = 0; i < 40; i++) outgoing.Append(BitConverter.GetBytes(i), new DatagramPath(default, right.LocalEndpoint), EcnCodepoint.Ect0);
        Assert.Equal(0, receiving.Device.Receive(incoming));
        Assert.Equal(40, sending.Device.Send(outgoing, 0));
        while (incoming.Count < 40)
        {
            Assert.True(poller.Wait(Soon) > 0);
            Assert.True(receiving.IsReadable);
            Assert.False(sending.IsReadable);
            receiving.Device.Receive(incoming);
        }

        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(incoming.Packet(i)));
            Assert.Equal(EcnCodepoint.Ect0, incoming[i].Ecn);
            Assert.Equal(new DatagramPath(right.LocalEndpoint, left.LocalEndpoint), incoming[i].Path);
        }
    });

    [NetworkFact]
    public void What_a_full_socket_did_not_take_is_taken_when_it_is_writable_again() => NetworkNamespace.Run(() =>
    {
        // A link whose queue is slow: what waits in it counts against the socket's send buffer.
        Tool.Run("ip", "link add slow type veth peer name far");
        Tool.Run("ip", "addr add 10.5.0.1/24 dev slow");
        Tool.Run("ip", "link set slow up");
        Tool.Run("ip", "link set far up");
        Tool.Run("ip", "neigh add 10.5.0.2 lladdr 02:00:00:00:00:02 dev slow");
        if (Tool.TryRun("tc", "qdisc add dev slow root tbf rate 20mbit burst 5kb limit 10mb").ExitCode != 0) return;

        using LoopPoller poller = LinuxPoller.Open(Backend);
        using UdpDatagramSocket socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("10.5.0.1:0"), BufferSize = 20_000 });
        LoopSource<IDatagramSocket> source = poller.Add(socket);
        PacketBatch batch = Create(capacity: 100);
        for (int i = 0; i < 100; i++) batch.Append(new byte[1200], new DatagramPath(default, Endpoint("10.5.0.2:9")));
        int sent = source.Device.Send(batch, 0);
        Assert.InRange(sent, 1, 99);
        int waits = 0;
        while (sent < 100)
        {
            poller.Watch(source, Readiness.Readable | Readiness.Writable);
            Assert.Equal(1, poller.Wait(Soon));
            Assert.True(source.IsWritable);
            sent += source.Device.Send(batch, sent);
            waits++;
        }

        Assert.Equal(100, sent);
        Assert.Equal(default, socket.Counters);
        Assert.True(waits > 0);
    });

    [TunFact("ping")]
    public void A_ping_goes_through_tun() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Open(new TunOptions { Name = "vprping" });
        Tool.Run("ip", "addr add 10.9.0.1/24 dev vprping");
        Tool.Run("ip", "link set vprping up");
        using Process ping = Tool.Start("ping", "-n -c 20 -i 0.005 -w 10 -s 1200 10.9.0.2");
        EchoResponder.RunUntilExit(tun, ping, Backend);
        EchoResponder.AssertAnswered(ping, 20);
        Assert.Equal(0, tun.DroppedWrites);
        Assert.Equal(0, tun.FailedReads);
    });

    [TunFact]
    public void Tun_batches_of_any_size_keep_their_order_and_refusals_are_counted() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp("vprbatch");
        using LoopPoller poller = LinuxPoller.Open(Backend);
        LoopSource<IPacketDevice> source = poller.Add(tun);
        Assert.Equal((tun.Name, tun.Mtu), (source.Device.Name, source.Device.Mtu));
        PacketBatch outgoing = Create(capacity: 600), incoming = Create(capacity: 64);
        foreach (int count in (int[])[1, 2, 7, 300, 600])
        {
            outgoing.Clear();
            // The kernel answers each echo request of ours by a packet to read; every tenth is no IP packet.
            for (int i = 0; i < count; i++)
                outgoing.Append(i % 10 == 9 ? [0xF0, 0, 0, 0] : EchoResponder.Request("10.9.0.2", "10.9.0.1", (ushort)i));
            long dropped = tun.DroppedWrites;
            int written = source.Device.Write(outgoing), expected = count - count / 10;
            Assert.Equal(expected, written);
            Assert.Equal(count / 10, tun.DroppedWrites - dropped);

            List<ushort> answers = [];
            while (answers.Count < expected)
            {
                Assert.True(poller.Wait(Soon) > 0, $"{answers.Count} of {expected} answers");
                incoming.Clear();
                Assert.True(source.Device.Read(incoming) <= incoming.Capacity);
                for (int i = 0; i < incoming.Count; i++)
                {
                    Assert.Equal(Headroom, incoming[i].Offset);
                    answers.Add((ushort)(incoming.Packet(i)[26] << 8 | incoming.Packet(i)[27]));
                }
            }

            Assert.Equal(Enumerable.Range(0, count).Where(i => i % 10 != 9).Select(i => (ushort)i), answers);
            incoming.Clear();
            Assert.Equal(0, source.Device.Read(incoming));
        }

        poller.Remove(source);
    });

    [TunFact]
    public void An_interface_is_free_as_soon_as_its_source_is_removed_and_it_is_disposed() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        for (int i = 0; i < 10; i++)
        {
            TunDevice tun = OpenAgain("vprsame");
            LoopSource<IPacketDevice> source = poller.Add(tun);
            poller.Wait(MonotonicClock.Now);
            source.Device.Read(Create());
            poller.Remove(source);
            tun.Dispose();
        }
    });

    [TunFact]
    public void A_steady_loop_allocates_nothing() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp("vprsteady");
        using UdpDatagramSocket left = Bind("127.0.0.1"), right = Bind("127.0.0.1");
        using LoopPoller poller = LinuxPoller.Open(Backend);
        using EventFd wakeUp = new();
        LoopSource mailbox = poller.Add(wakeUp);
        LoopSource<IDatagramSocket> sending = poller.Add(left), receiving = poller.Add(right);
        LoopSource<IPacketDevice> device = poller.Add(tun);
        PacketBatch datagrams = Create(), packets = Create(), incoming = Create();
        for (int i = 0; i < 8; i++)
        {
            datagrams.Append(new byte[1200], new DatagramPath(default, right.LocalEndpoint), EcnCodepoint.Ect0);
            packets.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", (ushort)i));
        }

        int moved = 0;
        Allocations.AssertNone(() => moved = Run(500));
        Assert.True(moved > 500);
        poller.Remove(device);

        int Run(int rounds)
        {
            int count = 0;
            for (int round = 0; round < rounds; round++)
            {
                wakeUp.Signal();
                sending.Device.Send(datagrams, 0);
                device.Device.Write(packets);
                poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(1));
                if (mailbox.IsReadable) wakeUp.Drain();
                incoming.Clear();
                if (receiving.IsReadable) count += receiving.Device.Receive(incoming);
                incoming.Clear();
                if (device.IsReadable) count += device.Device.Read(incoming);
                poller.Watch(sending, round % 2 == 0 ? Readiness.Readable : Readiness.None);
            }

            return count;
        }
    });

    // Tests beside this one start programs; between fork and exec a child holds our descriptors for a moment.
    private static TunDevice OpenAgain(string name)
    {
        TunDevice? tun = null;
        SpinWait.SpinUntil(() => (tun = TryOpen(name)) is not null, TimeSpan.FromSeconds(5));
        return tun ?? throw new InvalidOperationException($"{name} is still held.");
    }

    private static TunDevice? TryOpen(string name)
    {
        try
        {
            return TunDevice.Open(new TunOptions { Name = name });
        }
        catch (LinuxException exception) when (exception.Code == LinuxErrorCode.EBUSY)
        {
            return null;
        }
    }

    private static TunDevice OpenUp(string name)
    {
        TunDevice tun = TunDevice.Open(new TunOptions { Name = name });
        Tool.Run("ip", $"addr add 10.9.0.1/24 dev {name}");
        // Neither router solicitations nor multicast reports among the packets of a test.
        File.WriteAllText($"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "1");
        Tool.Run("ip", $"link set {name} txqueuelen 2000 up");
        return tun;
    }

    private static UdpDatagramSocket Bind(string address) =>
        UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint(address + ":0") });
}

public sealed class EpollPollerTests : LoopPollerTests
{
    private protected override IoBackend Backend => IoBackend.Epoll;

    [NetworkFact]
    public void Auto_takes_it()
    {
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Auto);
        Assert.Equal((IoBackend.Epoll, "epoll"), (poller.Backend, poller.Description));
    }
}
