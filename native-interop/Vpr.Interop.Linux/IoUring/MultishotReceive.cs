using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Receives datagrams, and runs of them, with path and ECN bits.</summary>
/// <remarks>
/// IORING_OP_RECVMSG with IORING_RECV_MULTISHOT (Linux 6.0). The kernel writes struct io_uring_recvmsg_out, the sender's address and the control messages in front of the
/// payload, each in room of the size that the request's struct msghdr asks for.
/// </remarks>
internal sealed class MultishotReceive : MultishotRequest
{
    /// <summary>Bytes in front of a datagram.</summary>
    internal const int Headroom = HeaderSize + NameSize + ControlMessages.ReceiveSize;

    private const int HeaderSize = 16;

    // A multiple of 8, so that control messages and payload lie aligned.
    private const int NameSize = 32;

    private readonly UdpDatagramSocket _socket;
    private readonly MessageHeader[] _message = GC.AllocateArray<MessageHeader>(1, pinned: true);

    internal MultishotReceive(UdpDatagramSocket socket, PacketBatch batch, IoUringQueue queue, ushort group, ulong userData)
        : base(batch, batch.Headroom - Headroom, queue, group, userData)
    {
        _socket = socket;
        _message[0] = new MessageHeader { NameLength = NameSize, ControlLength = ControlMessages.ReceiveSize };
    }

    private protected override void Describe(ref SubmissionEntry entry)
    {
        entry.Operation = IoUringOperation.ReceiveMessage;
        entry.Descriptor = (int)_socket.Descriptor.DangerousGetHandle();
        entry.Priority = Libc.IORING_RECV_MULTISHOT;
        entry.Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_message, 0);
        entry.Length = 1;
    }

    private protected override bool TryAccept(int index, Span<byte> written)
    {
        ReceivedMessage message = MemoryMarshal.Read<ReceivedMessage>(written);
        Span<byte> name = written.Slice(HeaderSize, (int)Math.Min(message.NameLength, NameSize));
        if (!_socket.IsWhole((int)message.Flags, name, out UdpEndpoint remote)) return false;
        Span<byte> control = written.Slice(HeaderSize + NameSize, (int)Math.Min(message.ControlLength, ControlMessages.ReceiveSize));
        _socket.Describe(ref Batch[index], written.Length - Headroom, remote, control);
        return true;
    }

    private protected override void Count(LinuxErrorCode error) => _socket.CountReceive(error);
}
