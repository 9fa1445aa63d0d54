using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

/// <summary>What is io_uring's alone when a loop receives into one batch: who owns the memory, and kernels that refuse.</summary>
public sealed class IoUringReceiveTests : LoopReceiveTests
{
    private const uint IORING_REGISTER_RESTRICTIONS = 11;
    private const ushort IORING_RESTRICTION_REGISTER_OP = 0;
    private const ushort IORING_RESTRICTION_SQE_OP = 1;
    private const ushort IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2;
    private const int RestrictionSize = 16;

    private protected override IoBackend Backend => IoBackend.IoUring;

    [NetworkTheory]
    [InlineData(false, true, "EACCES")]
    [InlineData(true, false, "EACCES")]
    public void A_kernel_that_refuses_is_received_from_by_system_calls(bool mayRegister, bool maySelect, string reason) => NetworkNamespace.Run(() =>
    {
        Assert.True(IoUringQueue.TryOpen(64, out IoUringQueue? queue, out _, out string unavailable), unavailable);
        // What a sandbox may do to a ring; it holds from the first wait on.
        List<(ushort Kind, byte Value)> allowed = [(IORING_RESTRICTION_SQE_FLAGS_ALLOWED, maySelect ? Libc.IOSQE_BUFFER_SELECT : (byte)0)];
        foreach (IoUringOperation operation in Enum.GetValues<IoUringOperation>()) allowed.Add((IORING_RESTRICTION_SQE_OP, (byte)operation));
        if (mayRegister)
        {
            allowed.Add((IORING_RESTRICTION_REGISTER_OP, (byte)Libc.IORING_REGISTER_PBUF_RING));
            allowed.Add((IORING_RESTRICTION_REGISTER_OP, (byte)Libc.IORING_UNREGISTER_PBUF_RING));
        }

        byte[] restrictions = new byte[allowed.Count * RestrictionSize];
        for (int i = 0; i < allowed.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(restrictions.AsSpan(i * RestrictionSize), allowed[i].Kind);
            restrictions[i * RestrictionSize + 2] = allowed[i].Value;
        }

        Assert.Equal(LinuxErrorCode.None, queue!.Register(IORING_REGISTER_RESTRICTIONS, restrictions, allowed.Count));
        using IoUringPoller poller = new(queue);
        poller.Wait(MonotonicClock.Now);

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
        Assert.Contains(reason, poller.Description, StringComparison.Ordinal);
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
        WeakReference returned = Leave(disposesItself: true), kept = Leave(disposesItself: false);
        for (int i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(returned.IsAlive);
        Assert.True(kept.IsAlive);
    });

    // The thread that waited may end without having taken its request back: whoever disposes the poller then cannot.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Leave(bool disposesItself)
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
        poller!.Dispose();
        Send(sender, socket, Filled(1000, 1));
        return batch!;
    }
}
