using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>A UDP socket that the kernel receives from ahead, into the free slots of one batch: a datagram, or run, lies where it is opened without a system call for it.</summary>
/// <remarks>
/// IORING_OP_RECVMSG with IORING_RECV_MULTISHOT (Linux 6.0): one request fills provided buffers until it runs out of them (ENOBUFS), which loses nothing, since what came
/// stays in the socket's queue; the next wait asks again. A buffer is the memory of a slot: the kernel's while the slot is free, the loop's while it holds a datagram, so
/// nothing is copied. Where the kernel refuses the request, recvmmsg takes its place.
/// </remarks>
internal sealed class RingDatagramSocket : IDatagramSocket
{
    /// <summary>Bytes in front of a datagram: struct io_uring_recvmsg_out, its sender's address and the control messages.</summary>
    internal const int Headroom = HeaderSize + NameSize + ControlMessages.ReceiveSize;

    private const int HeaderSize = 16;

    // A multiple of 8, so that control messages and payload lie aligned.
    private const int NameSize = 32;

    private readonly UdpDatagramSocket _socket;
    private readonly PacketBatch _batch;
    private readonly MessageHeader[] _message = GC.AllocateArray<MessageHeader>(1, pinned: true);
    private readonly bool[] _isLent;

    // Blocks that were filled and not yet received, in order of arrival; each is still lent, so there are never more than blocks.
    private readonly int[] _arrived;
    private int _firstArrived;
    private int _arrivedCount;
    private int _lentCount;
    private bool _hasDelivered;
    private ProvidedBufferRing? _buffers;

    /// <param name="socket">The socket; stays its owner's.</param>
    /// <param name="batch">What every receive adds to.</param>
    /// <param name="queue">The io_uring.</param>
    /// <param name="group">A name for the ring of buffers that no other has.</param>
    internal RingDatagramSocket(UdpDatagramSocket socket, PacketBatch batch, IoUringQueue queue, ushort group)
    {
        _socket = socket;
        _batch = batch;
        _isLent = new bool[batch.Capacity];
        _arrived = new int[batch.Capacity];
        _message[0] = new MessageHeader { NameLength = NameSize, ControlLength = ControlMessages.ReceiveSize };
        LinuxErrorCode error = ProvidedBufferRing.TryRegister(queue, group, batch.Capacity, out ProvidedBufferRing buffers);
        if (error == LinuxErrorCode.None) _buffers = buffers;
        else PlainReason = $"no ring of provided buffers: {error}";
    }

    public UdpEndpoint LocalEndpoint => _socket.LocalEndpoint;

    public DatagramOffloads Offloads => _socket.Offloads;

    /// <summary>Why the ring is not used to receive, or <see langword="null"/> while it is.</summary>
    internal string? PlainReason { get; private set; }

    /// <summary>Whether the request is under way: the kernel may write to what it was lent at any time.</summary>
    internal bool IsArmed { get; private set; }

    /// <summary>Whether something came that was not yet received.</summary>
    internal bool HasArrived => _arrivedCount > 0;

    public int Receive(PacketBatch batch)
    {
        if (batch != _batch) throw new ArgumentException("The socket receives into the batch that it was added with.", nameof(batch));
        int added = 0;
        while (_arrivedCount > 0 && TryTakeArrived(out bool isWhole))
        {
            if (isWhole) added++;
        }

        // Only memory that the kernel does not have may be received into by a call.
        return added == 0 && !IsArmed && _lentCount == 0 ? _socket.Receive(batch) : added;
    }

    public int Send(PacketBatch batch, int first) => _socket.Send(batch, first);

    // The socket stays with the one who opened it.
    public void Dispose()
    {
    }

    /// <summary>Lends the kernel the memory of all free slots.</summary>
    /// <returns>Whether it has any to receive into.</returns>
    internal bool Lend()
    {
        if (_buffers is not { } buffers) return false;
        if (_lentCount < _batch.Capacity - _batch.Count)
        {
            for (int index = _batch.Count; index < _batch.Capacity; index++)
            {
                int block = _batch[index].Block;
                if (_isLent[block]) continue;
                _isLent[block] = true;
                _lentCount++;
                buffers.Provide(_batch.Slot(index)[(_batch.Headroom - Headroom)..], block);
            }

            buffers.Publish();
        }

        return _lentCount > _arrivedCount;
    }

    /// <summary>Fills in the request that receives until buffers run out or it is cancelled.</summary>
    internal void Prepare(ref SubmissionEntry entry)
    {
        entry.Operation = IoUringOperation.ReceiveMessage;
        entry.Descriptor = (int)_socket.Descriptor.DangerousGetHandle();
        entry.Flags = Libc.IOSQE_BUFFER_SELECT;
        entry.Priority = Libc.IORING_RECV_MULTISHOT;
        entry.BufferGroup = _buffers!.Group;
        entry.Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_message, 0);
        entry.Length = 1;
        IsArmed = true;
    }

    /// <summary>Takes a completion of the request.</summary>
    /// <returns>What the loop is to be told.</returns>
    internal Readiness Complete(in CompletionEntry completion)
    {
        if ((completion.Flags & CompletionEntry.HasMore) == 0) IsArmed = false;
        if (completion.Result >= 0)
        {
            _hasDelivered = true;
            _arrived[(_firstArrived + _arrivedCount++) % _arrived.Length] = (int)(completion.Flags >> CompletionEntry.BufferShift);
            return Readiness.Readable;
        }

        switch ((LinuxErrorCode)(-completion.Result))
        {
            case LinuxErrorCode.ENOBUFS or LinuxErrorCode.ECANCELED or LinuxErrorCode.EAGAIN or LinuxErrorCode.EINTR:
                return Readiness.None;
            case LinuxErrorCode.EINVAL or LinuxErrorCode.EACCES or LinuxErrorCode.EPERM or LinuxErrorCode.EOPNOTSUPP or LinuxErrorCode.ENOSYS when !_hasDelivered:
                PlainReason = $"no multishot receive: {(LinuxErrorCode)(-completion.Result)} (Linux 6.0 has it)";
                TakeBack();
                return Readiness.None;
            case var error:
                _socket.CountReceive(error);
                return Readiness.Failed;
        }
    }

    /// <summary>Ends the loan; the request must not be under way. What arrived can still be received.</summary>
    internal void TakeBack()
    {
        _buffers?.Unregister();
        _buffers = null;
        Array.Clear(_isLent);
        for (int i = 0; i < _arrivedCount; i++) _isLent[_arrived[(_firstArrived + i) % _arrived.Length]] = true;
        _lentCount = _arrivedCount;
    }

    /// <summary>Keeps the memory for the rest of the process's life, because nobody could learn whether the kernel has stopped writing to it.</summary>
    internal void Abandon() => GCHandle.Alloc(this);

    private bool TryTakeArrived(out bool isWhole)
    {
        isWhole = false;
        int block = _arrived[_firstArrived];
        int index = _batch.Add(block);
        if (index < 0) return false;
        _firstArrived = (_firstArrived + 1) % _arrived.Length;
        _arrivedCount--;
        _isLent[block] = false;
        _lentCount--;

        Span<byte> buffer = _batch.Slot(index)[(_batch.Headroom - Headroom)..];
        ReceivedMessage message = MemoryMarshal.Read<ReceivedMessage>(buffer);
        Span<byte> name = buffer.Slice(HeaderSize, (int)Math.Min(message.NameLength, NameSize));
        isWhole = _socket.IsWhole((int)message.Flags, name, out UdpEndpoint remote);
        if (isWhole)
            _socket.Describe(ref _batch[index], (int)message.PayloadLength, remote, buffer.Slice(HeaderSize + NameSize, (int)Math.Min(message.ControlLength, ControlMessages.ReceiveSize)));
        else _batch.RemoveLast();
        return true;
    }
}
