using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>One request that reads again and again into the free slots of a batch, so that what comes lies in memory without a system call for it.</summary>
/// <remarks>
/// A request selects from a ring of provided buffers until it runs out of them (ENOBUFS), which loses nothing, since what came stays in the file's own queue; the next wait asks
/// again. A buffer is the memory of a slot: the kernel's while the slot is free, the loop's while it holds a packet, so nothing is copied. Where the kernel refuses the
/// request, <see cref="PlainReason"/> says why, and system calls take its place.
/// </remarks>
internal abstract class MultishotRequest
{
    private readonly int _start;
    private readonly ulong _userData;
    private readonly bool[] _isLent;

    // What was filled and not yet taken, in order of arrival; each block is still lent, so there are never more than blocks.
    private readonly (int Block, int Length)[] _arrived;
    private int _firstArrived;
    private int _arrivedCount;
    private int _lentCount;
    private bool _hasDelivered;

    // A request under way refers to this object and its memory, which no collector sees.
    private GCHandle _held;
    private ProvidedBufferRing? _buffers;

    /// <param name="batch">What every read adds to.</param>
    /// <param name="start">Where in a slot the kernel begins to write, in bytes.</param>
    /// <param name="queue">The io_uring.</param>
    /// <param name="group">A name for the ring of buffers that no other has.</param>
    /// <param name="userData">What the request's completions are known by.</param>
    private protected MultishotRequest(PacketBatch batch, int start, IoUringQueue queue, ushort group, ulong userData)
    {
        Batch = batch;
        _start = start;
        _userData = userData;
        _isLent = new bool[batch.Capacity];
        _arrived = new (int, int)[batch.Capacity];
        LinuxErrorCode error = ProvidedBufferRing.TryRegister(queue, group, batch.Capacity, out ProvidedBufferRing buffers);
        if (error == LinuxErrorCode.None) _buffers = buffers;
        else PlainReason = $"no ring of provided buffers: {error} (Linux 5.19 has it)";
    }

    /// <summary>Why the ring is not used to read, or <see langword="null"/> while it is.</summary>
    internal string? PlainReason { get; private set; }

    /// <summary>Whether the request is under way: the kernel may write to what it was lent at any time.</summary>
    internal bool IsArmed { get; private set; }

    /// <summary>Whether something came that was not yet taken.</summary>
    internal bool HasArrived => _arrivedCount > 0;

    /// <summary>Whether all of the batch's memory is ours, so that a call may read into it.</summary>
    internal bool HasNothingLent => !IsArmed && _lentCount == 0;

    /// <summary>The batch that every read adds to.</summary>
    private protected PacketBatch Batch { get; }

    /// <summary>Lends the kernel the memory of all free slots.</summary>
    /// <returns>Whether it has any to read into.</returns>
    internal bool Lend()
    {
        if (_buffers is not { } buffers) return false;
        if (_lentCount < Batch.Capacity - Batch.Count)
        {
            for (int index = Batch.Count; index < Batch.Capacity; index++)
            {
                int block = Batch[index].Block;
                if (_isLent[block]) continue;
                _isLent[block] = true;
                _lentCount++;
                buffers.Provide(Batch.Slot(index)[_start..], block);
            }

            buffers.Publish();
        }

        return _lentCount > _arrivedCount;
    }

    /// <summary>Fills in the request; from its submission on it is under way until a completion says otherwise.</summary>
    internal void Prepare(ref SubmissionEntry entry)
    {
        entry.Flags = Libc.IOSQE_BUFFER_SELECT;
        entry.BufferGroup = _buffers!.Group;
        entry.UserData = _userData;
        Describe(ref entry);
        if (!_held.IsAllocated) _held = GCHandle.Alloc(this);
        IsArmed = true;
    }

    /// <summary>Fills in the request that ends this one.</summary>
    internal void PrepareCancel(ref SubmissionEntry entry)
    {
        entry.Operation = IoUringOperation.AsyncCancel;
        entry.Descriptor = -1;
        entry.Address = _userData;
    }

    /// <summary>Takes a completion of the request.</summary>
    /// <returns>What the loop is to be told.</returns>
    internal Readiness Complete(in CompletionEntry completion)
    {
        if ((completion.Flags & CompletionEntry.HasMore) == 0) IsArmed = false;
        if (completion.Result >= 0)
        {
            _hasDelivered = true;
            _arrived[(_firstArrived + _arrivedCount++) % _arrived.Length] = ((int)(completion.Flags >> CompletionEntry.BufferShift), completion.Result);
            return Readiness.Readable;
        }

        switch ((LinuxErrorCode)(-completion.Result))
        {
            case LinuxErrorCode.ENOBUFS or LinuxErrorCode.ECANCELED or LinuxErrorCode.EAGAIN or LinuxErrorCode.EINTR:
                return Readiness.None;
            case var error when !_hasDelivered:
                // Whatever it is, the calls that take its place will say it again when it was not the request's own fault.
                PlainReason = $"no multishot request: {error}";
                TakeBack();
                return Readiness.None;
            case var error:
                Count(error);
                return error is LinuxErrorCode.EBADF or LinuxErrorCode.EBADFD ? Readiness.Failed : Readiness.Readable;
        }
    }

    /// <summary>
    /// Ends the loan; the request must not be under way. What arrived can still be taken. Without it the memory is kept for the rest of the process's life, because nobody
    /// could learn whether the kernel has stopped writing to it.
    /// </summary>
    internal void TakeBack()
    {
        if (_held.IsAllocated) _held.Free();
        _buffers?.Unregister();
        _buffers = null;
        Array.Clear(_isLent);
        for (int i = 0; i < _arrivedCount; i++) _isLent[_arrived[(_firstArrived + i) % _arrived.Length].Block] = true;
        _lentCount = _arrivedCount;
    }

    /// <summary>Adds what arrived to the batch.</summary>
    /// <returns>How many packets that were.</returns>
    internal int Take()
    {
        int added = 0;
        for (; _arrivedCount > 0; _arrivedCount--)
        {
            (int block, int length) = _arrived[_firstArrived];
            int index = Batch.Add(block);
            if (index < 0) break;
            _firstArrived = (_firstArrived + 1) % _arrived.Length;
            _isLent[block] = false;
            _lentCount--;
            if (TryAccept(index, Batch.Slot(index).Slice(_start, length))) added++;
            else Batch.RemoveLast();
        }

        return added;
    }

    /// <summary>Fills in what the request does, and to which file.</summary>
    private protected abstract void Describe(ref SubmissionEntry entry);

    /// <summary>Fills in the slot of a packet from what the kernel wrote.</summary>
    /// <returns>False when it is none, which is counted.</returns>
    private protected abstract bool TryAccept(int index, Span<byte> written);

    /// <summary>Counts a failure.</summary>
    private protected abstract void Count(LinuxErrorCode error);
}
