using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>struct io_uring_sqe: one operation asked for.</summary>
/// <remarks>linux/io_uring.h; 64 bytes, the same on x86-64 and arm64.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SubmissionEntry
{
    internal IoUringOperation Operation;
    internal byte Flags;
    internal ushort Priority;
    internal int Descriptor;
    internal ulong Offset;
    internal ulong Address;
    internal uint Length;

    /// <summary>rw_flags, msg_flags or poll32_events, by operation.</summary>
    internal uint OperationFlags;

    internal ulong UserData;

    /// <summary>buf_group: which ring of provided buffers the kernel takes one from.</summary>
    internal ushort BufferGroup;
}

/// <summary>struct io_uring_cqe: one operation done.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CompletionEntry
{
    /// <summary>IORING_CQE_F_BUFFER: the upper half of the flags is the identifier of the provided buffer that was filled.</summary>
    internal const uint HasBuffer = 1 << 0;

    /// <summary>IORING_CQE_F_MORE: the operation goes on and will complete again.</summary>
    internal const uint HasMore = 1 << 1;

    /// <summary>IORING_CQE_BUFFER_SHIFT.</summary>
    internal const int BufferShift = 16;

    internal ulong UserData;

    /// <summary>What the system call of the operation would have returned, or the error negated.</summary>
    internal int Result;

    internal uint Flags;
}

/// <summary>The operations we ask for.</summary>
/// <remarks>linux/io_uring.h, enum io_uring_op</remarks>
internal enum IoUringOperation : byte
{
    PollAdd = 6,
    PollRemove = 7,
    ReceiveMessage = 10,
    AsyncCancel = 14,
    Read = 22,
    Write = 23,
    ReadMultishot = 49,
}

/// <summary>struct io_uring_params with its two struct io_…ring_offsets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringParameters
{
    internal const uint SetupCqSize = 1 << 3;
    internal const uint SetupClamp = 1 << 4;
    internal const uint SetupStartDisabled = 1 << 6;
    internal const uint SetupSubmitAll = 1 << 7;
    internal const uint SetupSingleIssuer = 1 << 12;
    internal const uint SetupDeferTaskRun = 1 << 13;

    internal const uint FeatureSingleMap = 1 << 0;
    internal const uint FeatureNoDrop = 1 << 1;
    internal const uint FeatureExtendedArgument = 1 << 8;

    internal uint SubmissionEntries;
    internal uint CompletionEntries;
    internal uint Flags;
    internal uint ThreadCpu;
    internal uint ThreadIdle;
    internal uint Features;
    internal uint WorkQueue;
    internal uint Reserved0;
    internal uint Reserved1;
    internal uint Reserved2;
    internal RingOffsets Submission;
    internal RingOffsets Completion;
}

/// <summary>struct io_sqring_offsets and struct io_cqring_offsets: where things lie in the mapped ring, in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingOffsets
{
    internal uint Head;
    internal uint Tail;
    internal uint Mask;
    internal uint Entries;

    /// <summary>flags of the submission ring, overflow of the completion ring.</summary>
    internal uint FlagsOrOverflow;

    /// <summary>dropped of the submission ring, cqes of the completion ring.</summary>
    internal uint DroppedOrEntries;

    /// <summary>array of the submission ring, flags of the completion ring.</summary>
    internal uint ArrayOrFlags;

    internal uint Reserved;
    internal ulong UserAddress;
}

/// <summary>struct io_uring_getevents_arg: a wait with a time limit.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WaitArgument
{
    internal ulong SignalMask;
    internal uint SignalMaskSize;
    internal uint Reserved;

    /// <summary>The address of a <see cref="KernelTimespec"/>, or 0.</summary>
    internal ulong Timeout;
}

/// <summary>struct io_uring_buf_reg: a ring of provided buffers to be set up, or taken back.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct BufferRingRegistration
{
    internal ulong RingAddress;
    internal uint RingEntries;
    internal ushort BufferGroup;
    internal ushort Flags;
}

/// <summary>struct io_uring_buf: one provided buffer. The last field of a ring's first entry is the ring's tail.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProvidedBuffer
{
    internal ulong Address;
    internal uint Length;
    internal ushort Id;
    internal ushort ReservedOrTail;
}

/// <summary>struct io_uring_recvmsg_out: what begins a buffer that a multishot receive filled; room for the address, room for control messages and the payload follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ReceivedMessage
{
    internal uint NameLength;
    internal uint ControlLength;
    internal uint PayloadLength;

    /// <summary>msg_flags of recvmsg(2).</summary>
    internal uint Flags;
}
