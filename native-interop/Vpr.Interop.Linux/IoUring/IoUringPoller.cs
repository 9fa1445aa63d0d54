using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>A loop's wait on io_uring, and the batches of reads and writes that go over the same ring.</summary>
/// <remarks>
/// Every source is a one-shot poll that is armed again by the next wait, in the same system call: that makes the wait level-triggered, so no readiness is lost when a
/// reader leaves packets behind. Where a loop receives, or reads, into one batch the kernel does so ahead (<see cref="MultishotRequest"/>). Other batches of TUN packets are
/// submitted with operations that complete at once or not at all, so no buffer is the kernel's when a call returns. Datagrams are sent by sendmmsg: one call a batch
/// already, and 10 to 15 % cheaper a datagram than the same operations over the ring (Linux 6.18, batches of 1, 8 and 32 over loopback).
/// </remarks>
internal sealed class IoUringPoller : LinuxPoller
{
    /// <summary>Operations to a submission.</summary>
    internal const int Entries = 256;

    // The top byte of an operation's user data says what it is; the rest is a generation and an index.
    private const ulong PollTag = 1UL << 56;
    private const ulong BatchTag = 2UL << 56;
    private const ulong MultishotTag = 3UL << 56;
    private const ulong TagMask = 0xFFUL << 56;
    private const int GenerationShift = 24;
    private const ulong IndexMask = (1UL << GenerationShift) - 1;

    private readonly IoUringQueue _queue;
    private readonly List<Poll> _polls = [];
    private readonly int[] _results;
    private uint _batch;
    private int _batchSize;
    private int _batchDone;
    private int _ready;
    private bool _isWaiting;
    private RingPacketDevice? _device;
    private MultishotReceive? _receive;

    internal IoUringPoller(IoUringQueue queue)
    {
        _queue = queue;
        _results = new int[queue.Capacity];
    }

    public override IoBackend Backend => IoBackend.IoUring;

    public override string Description =>
        "io_uring"
        + (_receive?.PlainReason is { } refused ? $"; UDP by recvmmsg: {refused}" : "")
        + (_device?.Ahead?.PlainReason is { } refusedRead ? $"; TUN not ahead: {refusedRead}" : "")
        + (_device?.PlainReason is { } reason ? $"; TUN by read and write: {reason}" : "");

    public override int ReceiveHeadroom => MultishotReceive.Headroom;

    /// <summary>How many operations one batch may have.</summary>
    internal int BatchCapacity => _queue.Capacity;

    public override void Dispose()
    {
        // An armed request holds its file; a ring that closes lets go some time later.
        if (_queue.IsUsable)
        {
            foreach (LoopSource? source in Sources)
            {
                if (source is not null) Release(source.Index);
            }
        }

        _queue.Dispose();
    }

    /// <summary>The next operation of the batch that is being prepared.</summary>
    internal ref SubmissionEntry PrepareOperation(IoUringOperation operation, int descriptor)
    {
        ref SubmissionEntry entry = ref _queue.Prepare();
        entry.Operation = operation;
        entry.Descriptor = descriptor;
        entry.UserData = BatchTag | (ulong)_batch << GenerationShift | (uint)_batchSize;
        _batchSize++;
        return ref entry;
    }

    /// <summary>Submits the batch.</summary>
    /// <returns>The result of each operation in its order, valid until the next batch; an operation that the kernel would have waited for is cancelled (ECANCELED).</returns>
    internal ReadOnlySpan<int> RunBatch()
    {
        _queue.Submit();
        TakeCompletions();
        if (_batchDone < _batchSize) CancelBatch();
        ReadOnlySpan<int> results = _results.AsSpan(0, _batchSize);
        _batch++;
        _batchSize = 0;
        _batchDone = 0;
        return results;
    }

    /// <summary>Makes room for a batch: polls that were prepared go first, so that a batch is never split over two submissions.</summary>
    internal void BeginBatch()
    {
        _queue.Submit();
        _results.AsSpan().Fill(int.MinValue);
    }

    /// <summary>Asks again at once for what a request that ran out of buffers left behind.</summary>
    internal void Resume(MultishotRequest request)
    {
        bool hasBuffers = request.Lend();
        if (request.IsArmed || !hasBuffers) return;
        request.Prepare(ref _queue.Prepare());
        _queue.SubmitAndWait(0);
        TakeCompletions();
    }

    private protected override IPacketDevice Suit(TunDevice device) => _device = new RingPacketDevice(device, this);

    private protected override IPacketDevice Suit(TunDevice device, PacketBatch read) => _device = _queue.Has(IoUringOperation.ReadMultishot)
        ? new RingPacketDevice(device, this, read, new MultishotRead(device, read, _queue, (ushort)NextIndex, MultishotTag | (uint)NextIndex))
        : new RingPacketDevice(device, this, read);

    private protected override IDatagramSocket Suit(UdpDatagramSocket socket, PacketBatch received)
    {
        _receive = new MultishotReceive(socket, received, _queue, (ushort)NextIndex, MultishotTag | (uint)NextIndex);
        return new RingDatagramSocket(socket, received, _receive);
    }

    protected override int WaitCore(Instant deadline)
    {
        _ready = 0;
        _isWaiting = true;
        while (true)
        {
            foreach (LoopSource? source in Sources)
            {
                if (source is not null) Arm(source);
            }

            long nanoseconds = _ready > 0 ? 0 : deadline == Instant.Never ? -1 : Math.Max(0, deadline.Nanoseconds - MonotonicClock.Now.Nanoseconds);
            LinuxErrorCode error = _queue.SubmitAndWait(nanoseconds);
            TakeCompletions();
            if (_ready > 0 || nanoseconds == 0 || error is LinuxErrorCode.ETIME or LinuxErrorCode.EINTR) break;
        }

        _isWaiting = false;
        return _ready;
    }

    protected override void Registered(LoopSource source) =>
        _polls.Add(new Poll
        {
            Ahead = source switch
            {
                LoopSource<IDatagramSocket> { Device: RingDatagramSocket socket } => socket.Ahead,
                LoopSource<IPacketDevice> { Device: RingPacketDevice device } => device.Ahead,
                _ => null,
            },
        });

    protected override void InterestChanged(LoopSource source) => Disarm(source.Index);

    protected override void Removed(LoopSource source) => Release(source.Index);

    private void Arm(LoopSource source)
    {
        ref Poll poll = ref CollectionsMarshal.AsSpan(_polls)[source.Index];
        Readiness polled = source.Interest;
        if ((polled & Readiness.Readable) != 0 && poll.Ahead is { } request)
        {
            bool hasBuffers = request.Lend();
            if (request.HasArrived) MarkReady(source, Readiness.Readable);
            if (!request.IsArmed && hasBuffers) request.Prepare(ref _queue.Prepare());
            // Without a free slot the loop is told, by a poll, that there is something to make room for.
            if (request.IsArmed) polled &= ~Readiness.Readable;
        }

        if (poll.IsArmed || polled == Readiness.None) return;
        poll.IsArmed = true;
        ref SubmissionEntry entry = ref _queue.Prepare();
        entry.Operation = IoUringOperation.PollAdd;
        entry.Descriptor = (int)source.Descriptor.DangerousGetHandle();
        entry.OperationFlags = ToPollMask(polled);
        entry.UserData = UserDataOf(source.Index, poll.Generation);
    }

    /// <summary>Ends what is under way for a source, so that its file is free and its buffers are ours when this returns.</summary>
    private void Release(int index)
    {
        if (_polls[index].IsArmed)
        {
            Disarm(index);
            // The poll lets go of its file when its completion runs, which is when this thread asks for completions.
            _queue.SubmitAndWait(0);
            TakeCompletions();
        }

        if (_polls[index].Ahead is not { } request) return;
        if (request.IsArmed) request.PrepareCancel(ref _queue.Prepare());
        while (request.IsArmed)
        {
            _queue.SubmitAndWait(-1);
            TakeCompletions();
        }

        request.TakeBack();
    }

    private void Disarm(int index)
    {
        ref Poll poll = ref CollectionsMarshal.AsSpan(_polls)[index];
        if (!poll.IsArmed) return;
        ref SubmissionEntry entry = ref _queue.Prepare();
        entry.Operation = IoUringOperation.PollRemove;
        entry.Descriptor = -1;
        entry.Address = UserDataOf(index, poll.Generation);
        // Its own completion has no tag and is passed over; that of the poll carries the old generation.
        poll.IsArmed = false;
        poll.Generation++;
    }

    private void TakeCompletions()
    {
        while (_queue.TryTake(out CompletionEntry completion))
        {
            int index = (int)(completion.UserData & IndexMask);
            uint generation = (uint)(completion.UserData >> GenerationShift);
            switch (completion.UserData & TagMask)
            {
                case PollTag:
                    Polled(index, generation, completion.Result);
                    break;
                case MultishotTag:
                    CameAhead(index, completion);
                    break;
                case BatchTag when generation == _batch:
                    _results[index] = completion.Result;
                    _batchDone++;
                    break;
            }
        }
    }

    private void Polled(int index, uint generation, int result)
    {
        ref Poll poll = ref CollectionsMarshal.AsSpan(_polls)[index];
        if (poll.Generation != generation) return;
        poll.IsArmed = false;
        // Seen between two waits it counts for nothing: the next wait arms it again and finds it still ready.
        if (!_isWaiting || Sources[index] is not { } source) return;
        MarkReady(source, result < 0 ? Readiness.Failed : FromPollMask((uint)result));
    }

    private void CameAhead(int index, in CompletionEntry completion)
    {
        Readiness readiness = _polls[index].Ahead!.Complete(completion);
        // Seen between two waits it is found by the next, since it has arrived.
        if (readiness == Readiness.None || !_isWaiting || Sources[index] is not { } source) return;
        if ((source.Interest & Readiness.Readable) != 0) MarkReady(source, readiness);
    }

    private void MarkReady(LoopSource source, Readiness readiness)
    {
        if (source.Ready == Readiness.None) _ready++;
        source.Ready |= readiness;
    }

    /// <summary>Takes back operations that the kernel waits with: their buffers must be ours again before this returns.</summary>
    private void CancelBatch()
    {
        for (int i = 0; i < _batchSize; i++)
        {
            if (_results[i] != int.MinValue) continue;
            ref SubmissionEntry entry = ref _queue.Prepare();
            entry.Operation = IoUringOperation.AsyncCancel;
            entry.Descriptor = -1;
            entry.Address = BatchTag | (ulong)_batch << GenerationShift | (uint)i;
        }

        while (_batchDone < _batchSize)
        {
            _queue.SubmitAndWait(-1);
            TakeCompletions();
        }
    }

    private static ulong UserDataOf(int index, uint generation) => PollTag | (ulong)generation << GenerationShift | (uint)index;

    private struct Poll
    {
        internal bool IsArmed;
        internal uint Generation;

        /// <summary>What reads ahead for the source, if anything does.</summary>
        internal MultishotRequest? Ahead;
    }
}
