using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Interop.Tests;

/// <summary>The contract of a loop, the same for every back-end: epoll and io_uring here, kqueue in the project that links this file.</summary>
public abstract class LoopPollerContract
{
    private protected abstract LoopPoller Open();

    private protected abstract LoopWakeUp CreateWakeUp();

    [LoopTheory]
    [InlineData(0)]
    [InlineData(-1_000_000)]
    [InlineData(300_000)]
    [InlineData(5_000_000)]
    [InlineData(40_000_000)]
    public void It_keeps_deadlines(long nanoseconds)
    {
        using LoopPoller poller = Open();
        using LoopWakeUp wakeUp = CreateWakeUp();
        poller.Add(wakeUp);
        Instant start = poller.Now;
        Assert.Equal(0, poller.Wait(new Instant(start.Nanoseconds + nanoseconds)));
        long late = poller.Now.Nanoseconds - start.Nanoseconds - nanoseconds;
        // Never early; how late depends on who else wants the processor.
        Assert.InRange(late, 0, 2_000_000_000);
    }

    [LoopFact]
    public void A_wake_up_from_another_thread_ends_an_endless_wait()
    {
        using LoopPoller poller = Open();
        using LoopWakeUp wakeUp = CreateWakeUp(), other = CreateWakeUp();
        LoopSource mailbox = poller.Add(wakeUp), quiet = poller.Add(other);
        for (int i = 0; i < 100; i++)
        {
            Thread waker = new(wakeUp.Signal);
            waker.Start();
            Assert.Equal(1, poller.Wait(Instant.Never));
            Assert.True(mailbox.IsReadable);
            Assert.Equal(Readiness.None, quiet.Ready);
            waker.Join();
            Assert.True(wakeUp.Drain());
            Assert.False(wakeUp.Drain());
        }
    }

    [LoopFact]
    public void A_wake_up_stays_ready_until_it_is_drained()
    {
        using LoopPoller poller = Open();
        using LoopWakeUp wakeUp = CreateWakeUp();
        // Before it is added as well.
        wakeUp.Signal();
        LoopSource source = poller.Add(wakeUp);
        wakeUp.Signal();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(1, poller.Wait(Soon(poller)));
            Assert.Equal(Readiness.Readable, source.Ready);
        }

        wakeUp.Drain();
        Assert.Equal(0, poller.Wait(poller.Now));
        Assert.False(source.IsReadable);
        wakeUp.Signal();
        Assert.Equal(1, poller.Wait(Soon(poller)));
    }

    [LoopFact]
    public void A_signal_nobody_watched_for_is_seen_when_it_is_watched_again()
    {
        using LoopPoller poller = Open();
        using LoopWakeUp wakeUp = CreateWakeUp();
        LoopSource source = poller.Add(wakeUp);
        poller.Watch(source, Readiness.None);
        wakeUp.Signal();
        Assert.Equal(0, poller.Wait(poller.Now + TimeSpan.FromMilliseconds(20)));
        poller.Watch(source, Readiness.Readable);
        Assert.Equal(1, poller.Wait(Soon(poller)));
        Assert.True(source.IsReadable);
    }

    [LoopFact]
    public void A_descriptor_stays_ready_until_it_is_read()
    {
        using LoopPoller poller = Open();
        (Socket near, Socket far) = Connect();
        using Socket first = near, second = far;
        LoopSource source = poller.Add(near.SafeHandle, Readiness.Readable);
        Assert.Equal(0, poller.Wait(poller.Now));
        far.Send(new byte[3]);
        byte[] one = new byte[1];
        for (int left = 3; left > 0; left--)
        {
            Assert.Equal(1, poller.Wait(Soon(poller)));
            Assert.Equal(Readiness.Readable, source.Ready);
            Assert.Equal(1, near.Receive(one));
        }

        Assert.Equal(0, poller.Wait(poller.Now));
    }

    [LoopFact]
    public void Only_what_is_watched_wakes()
    {
        using LoopPoller poller = Open();
        (Socket near, Socket far) = Connect();
        using Socket first = near, second = far;
        LoopSource source = poller.Add(near.SafeHandle, Readiness.Readable);
        far.Send(new byte[1]);
        Assert.Equal(1, poller.Wait(Soon(poller)));
        poller.Watch(source, Readiness.None);
        Assert.Equal(0, poller.Wait(poller.Now + TimeSpan.FromMilliseconds(20)));
        poller.Watch(source, Readiness.Writable);
        Assert.Equal(1, poller.Wait(Soon(poller)));
        Assert.Equal(Readiness.Writable, source.Ready);
        poller.Watch(source, Readiness.Readable | Readiness.Writable);
        Assert.Equal(1, poller.Wait(Soon(poller)));
        Assert.Equal(Readiness.Readable | Readiness.Writable, source.Ready);
        // Narrowed while a wait had it armed.
        near.Receive(new byte[1]);
        poller.Watch(source, Readiness.Readable);
        Assert.Equal(0, poller.Wait(poller.Now + TimeSpan.FromMilliseconds(20)));
        poller.Watch(source, Readiness.Writable);
        Assert.Equal(1, poller.Wait(Soon(poller)));
        Assert.Equal(Readiness.Writable, source.Ready);
    }

    [LoopFact]
    public void A_removed_source_is_silent_and_belongs_to_its_poller()
    {
        using LoopPoller poller = Open(), stranger = Open();
        using LoopWakeUp first = CreateWakeUp(), second = CreateWakeUp(), third = CreateWakeUp();
        LoopSource gone = poller.Add(first), stays = poller.Add(second);
        stranger.Add(third);
        Assert.Equal(0, poller.Wait(poller.Now));
        poller.Remove(gone);
        first.Signal();
        second.Signal();
        Assert.Equal(1, poller.Wait(Soon(poller)));
        Assert.True(stays.IsReadable);
        Assert.Equal(Readiness.None, gone.Ready);
        Assert.Throws<ArgumentException>(() => poller.Remove(gone));
        Assert.Throws<ArgumentException>(() => stranger.Remove(stays));
    }

    [LoopFact]
    public void A_removed_descriptor_may_be_added_again()
    {
        using LoopPoller poller = Open();
        (Socket near, Socket far) = Connect();
        using Socket first = near, second = far;
        far.Send(new byte[1]);
        for (int i = 0; i < 3; i++)
        {
            LoopSource source = poller.Add(near.SafeHandle, Readiness.Readable | Readiness.Writable);
            Assert.Equal(1, poller.Wait(Soon(poller)));
            Assert.Equal(Readiness.Readable | Readiness.Writable, source.Ready);
            poller.Remove(source);
            Assert.Equal(0, poller.Wait(poller.Now));
        }
    }

    [LoopFact]
    public void A_pipe_whose_other_side_is_gone_has_failed()
    {
        using LoopPoller poller = Open();
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        LoopSource source = poller.Add(reader.SafePipeHandle, Readiness.Readable);
        Assert.Equal(0, poller.Wait(poller.Now));
        reader.ClientSafePipeHandle.Dispose();
        Assert.Equal(1, poller.Wait(Soon(poller)));
        Assert.True(source.IsFailed);
    }

    [LoopFact]
    public void It_may_be_opened_on_one_thread_and_waited_on_by_another()
    {
        using LoopPoller poller = Open();
        using LoopWakeUp wakeUp = CreateWakeUp();
        LoopSource source = poller.Add(wakeUp);
        wakeUp.Signal();
        int ready = -1;
        Thread loop = new(() => ready = poller.Wait(Soon(poller)));
        loop.Start();
        loop.Join();
        Assert.Equal(1, ready);
        Assert.True(source.IsReadable);
    }

    [LoopFact]
    public void What_belongs_to_another_platform_is_refused()
    {
        using LoopPoller poller = Open();
        Assert.Throws<ArgumentException>(() => poller.Add((IDatagramSocket)new Stranger()));
        Assert.Throws<ArgumentException>(() => poller.Add((IPacketDevice)new Stranger()));
        Assert.Throws<ArgumentException>(() => poller.Add(new StrangeWakeUp()));
    }

    [LoopFact]
    public void Waits_signals_and_changes_of_interest_allocate_nothing()
    {
        using LoopPoller poller = Open();
        using LoopWakeUp wakeUp = CreateWakeUp();
        (Socket near, Socket far) = Connect();
        using Socket first = near, second = far;
        LoopSource mailbox = poller.Add(wakeUp), source = poller.Add(near.SafeHandle, Readiness.Readable);
        int ready = 0;
        Allocations.AssertNone(() => ready = Run(200));
        Assert.True(ready >= 200);

        int Run(int rounds)
        {
            int count = 0;
            for (int round = 0; round < rounds; round++)
            {
                if (round % 2 == 0) wakeUp.Signal();
                poller.Watch(source, round % 3 == 0 ? Readiness.Readable : Readiness.Readable | Readiness.Writable);
                count += poller.Wait(poller.Now);
                if (mailbox.IsReadable) wakeUp.Drain();
            }

            return count;
        }
    }

    private static Instant Soon(LoopPoller poller) => poller.Now + TimeSpan.FromSeconds(10);

    private static (Socket Near, Socket Far) Connect()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        far.Connect(listener.LocalEndPoint!);
        return (listener.Accept(), far);
    }

    private sealed class Stranger : IDatagramSocket, IPacketDevice
    {
        public UdpEndpoint LocalEndpoint => default;

        public string Name => "stranger";

        public int Mtu => 1500;

        public int MaxPacketLength => 1500;

        DatagramOffloads IDatagramSocket.Offloads => DatagramOffloads.None;

        PacketOffloads IPacketDevice.Offloads => PacketOffloads.None;

        public int Receive(PacketBatch batch) => 0;

        public int Send(PacketBatch batch, int first) => 0;

        public int Read(PacketBatch batch) => 0;

        public int Write(PacketBatch batch) => 0;

        public int Write(PacketGather gather, int first) => 0;

        public void Dispose()
        {
        }
    }

    private sealed class StrangeWakeUp : LoopWakeUp
    {
        public override void Signal()
        {
        }

        public override bool Drain() => false;

        public override void Dispose()
        {
        }
    }
}
