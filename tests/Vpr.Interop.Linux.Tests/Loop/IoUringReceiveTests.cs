using System.Runtime.CompilerServices;
using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

/// <summary>What is io_uring's alone when a loop receives into one batch: who owns the memory, and kernels that refuse.</summary>
public sealed class IoUringReceiveTests : LoopReceiveTests
{
    private protected override IoBackend Backend => IoBackend.IoUring;

    [NetworkTheory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_kernel_that_refuses_is_received_from_by_system_calls(bool mayRegister, bool maySelect) => NetworkNamespace.Run(() =>
    {
        using IoUringPoller poller = RestrictedRing.Open(mayRegister, maySelect);
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0");
        PacketBatch received = CreateReceived(poller, 4, 2048);
        LoopSource<IDatagramSocket> source = poller.Add(socket, received);
        for (int i = 0; i < 20; i++)
        {
            Send(sender, socket, Filled(100 + i, i));
            Assert.Equal(1, poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)));
            Assert.True(source.IsReadable);
            Assert.Equal(1, source.Device.Receive(received));
            Assert.Equal(Filled(100 + i, i), received.Packet(0));
            received.Clear();
        }

        Assert.Contains("UDP by recvmmsg", poller.Description, StringComparison.Ordinal);
        Assert.Contains("EACCES", poller.Description, StringComparison.Ordinal);
        Assert.Equal(0, poller.Wait(MonotonicClock.Now));
        poller.Remove(source);
    });

    [NetworkFact]
    public void A_datagram_is_received_without_a_call()
    {
        NetworkNamespace.Run(() =>
        {
            using LoopPoller poller = LinuxPoller.Open(IoBackend.IoUring);
            using UdpDatagramSocket sender = Bind("127.0.0.1:0");
            UdpDatagramSocket socket = Bind("127.0.0.1:0");
            PacketBatch received = CreateReceived(poller, 4, 2048);
            LoopSource<IDatagramSocket> source = poller.Add(socket, received);
            Send(sender, socket, Filled(900, 1));
            Assert.Equal(1, poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)));
            // Its descriptor is gone, so no call could bring it.
            socket.Dispose();
            Assert.Equal(1, source.Device.Receive(received));
            Assert.Equal(Filled(900, 1), received.Packet(0));
            Assert.Equal("io_uring", poller.Description);
            poller.Remove(source);
        });
    }

    [NetworkFact]
    public void Memory_that_the_kernel_may_still_write_to_is_kept() => NetworkNamespace.Run(() =>
    {
        WeakReference returned = Leave(disposesItself: true, isDisposed: true), kept = Leave(disposesItself: false, isDisposed: true);
        WeakReference forgotten = Leave(disposesItself: false, isDisposed: false);
        for (int i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(returned.IsAlive);
        Assert.True(kept.IsAlive);
        Assert.True(forgotten.IsAlive);
    });

    // The thread that waited may end without having taken its request back: whoever disposes the poller then cannot.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Leave(bool disposesItself, bool isDisposed)
    {
        WeakReference? batch = null;
        LoopPoller? poller = null;
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), socket = Bind("127.0.0.1:0");
        Thread loop = new(() =>
        {
            poller = LinuxPoller.Open(IoBackend.IoUring);
            PacketBatch received = CreateReceived(poller, 4, 2048);
            batch = new WeakReference(received);
            poller.Add(socket, received);
            poller.Wait(MonotonicClock.Now);
            if (disposesItself) poller.Dispose();
        });
        loop.Start();
        loop.Join();
        if (isDisposed) poller!.Dispose();
        Send(sender, socket, Filled(1000, 1));
        return batch!;
    }
}
