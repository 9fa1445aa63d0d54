using System.IO.Pipes;
using Vpr.Interop.Tests;
using Vpr.Io;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>The contract of a loop over an emulated kqueue, and what is kqueue's own about it.</summary>
public abstract class KqueuePollerTests : LoopPollerContract
{
    private protected abstract KeventLayout Layout { get; }

    private protected override LoopPoller Open() => new KqueuePoller(new EmulatedKernelQueue(Layout), Layout);

    private protected override LoopWakeUp CreateWakeUp() => new KqueueWakeUp();

    [Fact]
    public void It_says_what_it_is()
    {
        using LoopPoller poller = Open();
        Assert.Equal(IoBackend.Kqueue, poller.Backend);
        Assert.Equal("kqueue", poller.Description);
    }

    [Fact]
    public void Changes_of_interest_go_with_the_wait_and_cancel_out_before_it()
    {
        EmulatedKernelQueue queue = new(Layout);
        using KqueuePoller poller = new(queue, Layout);
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        LoopSource source = poller.Add(pipe.SafePipeHandle, Readiness.Readable);
        int calls = queue.ChangeCalls;
        poller.Watch(source, Readiness.Readable | Readiness.Writable);
        poller.Watch(source, Readiness.Readable);
        poller.Wait(poller.Now);
        Assert.Equal((calls, 0), (queue.ChangeCalls, queue.ChangesByWaits));

        poller.Watch(source, Readiness.Writable);
        Assert.Equal(1, poller.Wait(poller.Now));
        Assert.Equal(Readiness.Writable, source.Ready);
        Assert.Equal((calls, 2), (queue.ChangeCalls, queue.ChangesByWaits));
        poller.Wait(poller.Now);
        Assert.Equal(2, queue.ChangesByWaits);
    }

    [Fact]
    public void A_change_that_fails_is_a_failed_source_and_is_tried_again()
    {
        EmulatedKernelQueue queue = new(Layout);
        using KqueuePoller poller = new(queue, Layout);
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        LoopSource source = poller.Add(pipe.SafePipeHandle, Readiness.None);
        poller.Watch(source, Readiness.Writable);
        queue.NextChangeError = EmulatedKernelQueue.EBADF;
        Assert.Equal(1, poller.Wait(poller.Now));
        Assert.Equal(Readiness.Failed, source.Ready);
        Assert.Equal(1, poller.Wait(poller.Now));
        Assert.Equal(Readiness.Writable, source.Ready);

        // A filter that could not be taken out tells nothing about the descriptor.
        poller.Watch(source, Readiness.None);
        queue.NextChangeError = EmulatedKernelQueue.ENOENT;
        Assert.Equal(0, poller.Wait(poller.Now));
    }

    [Fact]
    public void A_descriptor_that_cannot_be_watched_is_refused_and_leaves_no_trace()
    {
        EmulatedKernelQueue queue = new(Layout);
        using KqueuePoller poller = new(queue, Layout);
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        queue.NextChangeError = ErrorNumber.EPERM;
        DarwinException refused = Assert.Throws<DarwinException>(() => poller.Add(pipe.SafePipeHandle, Readiness.Readable | Readiness.Writable));
        Assert.Equal(ErrorNumber.EPERM, refused.Error);
        LoopSource source = poller.Add(pipe.SafePipeHandle, Readiness.Readable | Readiness.Writable);
        Assert.Equal(1, poller.Wait(poller.Now));
        Assert.Equal(Readiness.Writable, source.Ready);
    }

    [Fact]
    public void An_interrupted_wait_has_taken_its_changes()
    {
        EmulatedKernelQueue queue = new(Layout);
        using KqueuePoller poller = new(queue, Layout);
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        LoopSource source = poller.Add(pipe.SafePipeHandle, Readiness.None);
        poller.Watch(source, Readiness.Writable);
        queue.IsNextWaitInterrupted = true;
        Assert.Equal(0, poller.Wait(Instant.Never));
        Assert.Equal(1, poller.Wait(Instant.Never));
        Assert.Equal(1, queue.ChangesByWaits);
    }

    [Fact]
    public void A_source_whose_descriptor_was_closed_first_is_removed_without_a_call()
    {
        EmulatedKernelQueue queue = new(Layout);
        using KqueuePoller poller = new(queue, Layout);
        AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        LoopSource source = poller.Add(pipe.SafePipeHandle, Readiness.Readable);
        int calls = queue.ChangeCalls;
        pipe.Dispose();
        poller.Remove(source);
        Assert.Equal(calls, queue.ChangeCalls);
    }

    [Fact]
    public void Signals_that_follow_one_not_yet_taken_cost_no_call_and_none_outlives_its_taking()
    {
        EmulatedKernelQueue queue = new(Layout);
        using KqueuePoller poller = new(queue, Layout);
        using KqueueWakeUp wakeUp = new();
        poller.Add(wakeUp);
        int calls = queue.ChangeCalls;
        for (int i = 0; i < 10; i++) wakeUp.Signal();
        Assert.Equal(calls + 1, queue.ChangeCalls);
        Assert.True(wakeUp.Drain());
        // The user event is still there: it may not end the wait before its time.
        Instant deadline = poller.Now + TimeSpan.FromMilliseconds(20);
        Assert.Equal(0, poller.Wait(deadline));
        Assert.True(poller.Now >= deadline);
    }

    [Fact]
    public void A_wake_up_belongs_to_one_poller_and_outlives_it_in_silence()
    {
        KqueueWakeUp wakeUp = new();
        using (LoopPoller poller = Open(), second = Open())
        {
            poller.Add(wakeUp);
            Assert.Throws<ArgumentException>(() => second.Add(wakeUp));
        }

        wakeUp.Signal();
        Assert.True(wakeUp.Drain());
        wakeUp.Dispose();
        Assert.Throws<ObjectDisposedException>(wakeUp.Signal);
    }

    [Fact]
    public void Many_sources_are_ready_at_once()
    {
        using LoopPoller poller = Open();
        List<AnonymousPipeServerStream> pipes = [];
        for (int i = 0; i < 100; i++)
        {
            pipes.Add(new AnonymousPipeServerStream(PipeDirection.Out));
            poller.Add(pipes[i].SafePipeHandle, Readiness.Writable);
        }

        Assert.Equal(100, poller.Wait(poller.Now));
        foreach (AnonymousPipeServerStream pipe in pipes) pipe.Dispose();
    }
}

public sealed class MacOSKqueueTests : KqueuePollerTests
{
    private protected override KeventLayout Layout => KeventLayout.MacOS;
}

public sealed class FreeBsdKqueueTests : KqueuePollerTests
{
    private protected override KeventLayout Layout => KeventLayout.FreeBsd;
}
