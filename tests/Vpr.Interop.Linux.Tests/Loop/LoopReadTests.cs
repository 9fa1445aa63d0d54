using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>A loop that reads a TUN queue into one batch, the same for epoll and io_uring, which reads ahead.</summary>
public abstract class LoopReadTests
{
    private protected abstract IoBackend Backend { get; }

    private static Instant Soon => MonotonicClock.Now + TimeSpan.FromSeconds(10);

    [TunTheory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void Packets_come_whole_and_in_order_however_many_wait(int slots) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp("vprahead");
        using LoopPoller poller = LinuxPoller.Open(Backend);
        PacketBatch read = Create(slots), outgoing = Create(capacity: 400);
        LoopSource<IPacketDevice> source = poller.Add(tun, read);
        foreach (int count in (int[])[1, 3, 8, 9, 64, 400])
        {
            outgoing.Clear();
            for (int i = 0; i < count; i++) outgoing.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", (ushort)i));
            // The kernel answers each echo request of ours by a packet to read.
            Assert.Equal(count, source.Device.Write(outgoing));
            for (int next = 0; next < count;)
            {
                Assert.Equal(1, poller.Wait(Soon));
                Assert.True(source.IsReadable);
                // As the loop does: as long as the batch is filled there may be more.
                for (bool isFull = true; isFull; read.Clear())
                {
                    isFull = source.Device.Read(read) == slots;
                    for (int i = 0; i < read.Count; i++, next++)
                    {
                        Assert.Equal(60, read[i].Length);
                        Assert.Equal((ushort)next, (ushort)(read.Packet(i)[26] << 8 | read.Packet(i)[27]));
                    }
                }
            }

            Assert.Equal(0, source.Device.Read(read));
            Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        }

        Assert.Equal((0L, 0L), (tun.FailedReads, tun.DroppedWrites));
        poller.Remove(source);
    });

    [TunFact]
    public void A_deleted_interface_has_failed() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp("vprgone");
        using LoopPoller poller = LinuxPoller.Open(Backend);
        PacketBatch read = Create(8);
        LoopSource<IPacketDevice> source = poller.Add(tun, read);
        source.Device.Write(Create(1).Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", 1)));
        Assert.Equal(1, poller.Wait(Soon));
        Assert.Equal(1, source.Device.Read(read));
        read.Clear();
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        Tool.Run("ip", "link del vprgone");
        for (int wait = 0; !source.IsFailed && wait < 3; wait++) Assert.Equal(1, poller.Wait(Soon));
        Assert.True(source.IsFailed);
        poller.Remove(source);
    });

    [TunFact]
    public void An_interface_is_free_as_soon_as_its_source_is_removed_and_it_is_disposed() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(Backend);
        PacketBatch read = Create(8);
        for (int i = 0; i < 10; i++)
        {
            TunDevice tun = OpenUp("vprfree" + i);
            LoopSource<IPacketDevice> source = poller.Add(tun, read);
            source.Device.Write(Create(1).Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", 1)));
            Assert.Equal(1, poller.Wait(Soon));
            poller.Remove(source);
            // What was read ahead is not lost.
            Assert.Equal(1, source.Device.Read(read));
            read.Clear();
            tun.Dispose();
            Assert.True(SpinWait.SpinUntil(() => Tool.TryRun("ip", "link show vprfree" + i).ExitCode != 0, TimeSpan.FromSeconds(5)));
        }
    });

    [TunFact]
    public void A_steady_reader_allocates_nothing() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp("vprcalm");
        using LoopPoller poller = LinuxPoller.Open(Backend);
        PacketBatch read = Create(8), outgoing = Create(24);
        for (int i = 0; i < 24; i++) outgoing.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", (ushort)i));
        LoopSource<IPacketDevice> source = poller.Add(tun, read);
        long packets = 0;
        Allocations.AssertNone(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                source.Device.Write(outgoing);
                for (int left = 24; left > 0;)
                {
                    if (poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(1)) == 0) return;
                    int got = source.Device.Read(read);
                    left -= got;
                    packets += got;
                    read.Clear();
                }
            }
        });
        Assert.True(packets >= 2400);
        poller.Remove(source);
    });

    private protected static TunDevice OpenUp(string name)
    {
        TunDevice tun = TunDevice.Open(new TunOptions { Name = name });
        Tool.Run("ip", $"addr add 10.9.0.1/24 dev {name}");
        // Neither router solicitations nor multicast reports among the packets of a test.
        File.WriteAllText($"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "1");
        Tool.Run("ip", $"link set {name} txqueuelen 2000 up");
        return tun;
    }
}

public sealed class EpollReadTests : LoopReadTests
{
    private protected override IoBackend Backend => IoBackend.Epoll;
}

public sealed class IoUringReadTests : LoopReadTests
{
    private protected override IoBackend Backend => IoBackend.IoUring;

    [TunFact]
    public void A_packet_is_read_without_a_call() => NetworkNamespace.Run(() =>
    {
        TunDevice tun = OpenUp("vprnocall");
        using LoopPoller poller = LinuxPoller.Open(IoBackend.IoUring);
        PacketBatch read = Create(8);
        LoopSource<IPacketDevice> source = poller.Add(tun, read);
        source.Device.Write(Create(1).Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", 1)));
        Assert.Equal(1, poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)));
        // Its descriptor is gone, so no call could bring it.
        tun.Dispose();
        Assert.Equal(1, source.Device.Read(read));
        Assert.Equal(60, read[0].Length);
        Assert.Equal("io_uring", poller.Description);
        poller.Remove(source);
    });

    [TunTheory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_kernel_that_refuses_is_read_from_in_batches(bool mayRegister, bool maySelect) => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = OpenUp("vprrefuse");
        using IoUringPoller poller = RestrictedRing.Open(mayRegister, maySelect);
        PacketBatch read = Create(8), outgoing = Create(20);
        for (int i = 0; i < 20; i++) outgoing.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", (ushort)i));
        LoopSource<IPacketDevice> source = poller.Add(tun, read);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(20, source.Device.Write(outgoing));
            for (int next = 0; next < 20; read.Clear())
            {
                Assert.Equal(1, poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)));
                source.Device.Read(read);
                for (int i = 0; i < read.Count; i++) Assert.Equal(next++, read.Packet(i)[26] << 8 | read.Packet(i)[27]);
            }
        }

        Assert.Contains("TUN not ahead", poller.Description, StringComparison.Ordinal);
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        Assert.Equal((0L, 0L), (tun.FailedReads, tun.DroppedWrites));
        poller.Remove(source);
    });
}
