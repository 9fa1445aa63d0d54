using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

public sealed class IoUringPollerTests : LoopPollerTests
{
    private protected override IoBackend Backend => IoBackend.IoUring;

    [NetworkFact]
    public void A_thread_that_did_not_wait_first_is_told_so() => NetworkNamespace.Run(() =>
    {
        using LoopPoller poller = LinuxPoller.Open(IoBackend.IoUring);
        poller.Wait(MonotonicClock.Now);
        Exception? caught = null;
        Thread stranger = new(() => caught = Record.Exception(() => poller.Wait(MonotonicClock.Now)));
        stranger.Start();
        stranger.Join();
        LinuxException refused = Assert.IsType<LinuxException>(caught);
        Assert.Equal(LinuxErrorCode.EEXIST, refused.Code);
    });

    [NetworkFact]
    public void An_operation_the_kernel_would_wait_for_is_taken_back() => NetworkNamespace.Run(() =>
    {
        // A pipe that nobody writes, opened to block: what a TUN driver does that cannot be asked without waiting.
        using System.IO.Pipes.AnonymousPipeServerStream pipe = new(System.IO.Pipes.PipeDirection.In);
        Assert.True(IoUringQueue.TryOpen(16, out IoUringQueue? queue, out _, out string reason), reason);
        using IoUringPoller poller = new(queue!);
        byte[] buffer = GC.AllocateArray<byte>(8, pinned: true);
        for (int round = 0; round < 3; round++)
        {
            poller.BeginBatch();
            for (int i = 0; i < 5; i++)
            {
                ref SubmissionEntry entry = ref poller.PrepareOperation(IoUringOperation.Read, (int)pipe.SafePipeHandle.DangerousGetHandle());
                entry.Address = (ulong)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
                entry.Length = 8;
            }

            foreach (int result in poller.RunBatch()) Assert.Equal(LinuxErrorCode.ECANCELED, (LinuxErrorCode)(-result));
        }
    });

    [Fact]
    public void A_ring_that_cannot_be_had_says_why()
    {
        Assert.False(IoUringQueue.TryOpen(0, out IoUringQueue? queue, out LinuxErrorCode error, out string reason));
        Assert.Null(queue);
        Assert.Equal(LinuxErrorCode.EINVAL, error);
        Assert.Contains("io_uring", reason, StringComparison.Ordinal);
    }
}
