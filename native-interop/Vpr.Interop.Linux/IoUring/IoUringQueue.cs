using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>One io_uring: operations go in at one end, their results come out at the other, many to a system call.</summary>
/// <remarks>
/// io_uring(7). Opened disabled and bound to the first thread that submits (IORING_SETUP_SINGLE_ISSUER), which lets the kernel leave out its locks and run completions
/// only when that thread asks (IORING_SETUP_DEFER_TASKRUN, Linux 6.1). Older kernels get a plain ring.
/// </remarks>
internal sealed unsafe class IoUringQueue : IDisposable
{
    private readonly SafeDescriptor _ring;
    private readonly SafeMapping _rings;
    private readonly SafeMapping _entries;
    private readonly KernelTimespec[] _timeout = GC.AllocateArray<KernelTimespec>(1, pinned: true);
    private readonly WaitArgument[] _wait = GC.AllocateArray<WaitArgument>(1, pinned: true);

    // Safe: these point into the two mappings, at offsets the kernel gave, and are used only while the mappings are open. The masks keep every index inside.
    private readonly SubmissionEntry* _submissions;
    private readonly uint* _submissionTail;
    private readonly uint _submissionMask;
    private readonly CompletionEntry* _completions;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint _completionMask;

    private uint _tail;
    private int _prepared;
    private bool _mustEnable;
    private int _owner;

    private IoUringQueue(SafeDescriptor ring, in IoUringParameters parameters)
    {
        _ring = ring;
        Capacity = (int)parameters.SubmissionEntries;
        _mustEnable = (parameters.Flags & IoUringParameters.SetupStartDisabled) != 0;
        nuint submissionSize = parameters.Submission.ArrayOrFlags + parameters.SubmissionEntries * sizeof(uint);
        nuint completionSize = parameters.Completion.DroppedOrEntries + parameters.CompletionEntries * (uint)sizeof(CompletionEntry);
        _rings = new SafeMapping(ring, nuint.Max(submissionSize, completionSize), Libc.IORING_OFF_SQ_RING);
        _entries = new SafeMapping(ring, parameters.SubmissionEntries * (uint)sizeof(SubmissionEntry), Libc.IORING_OFF_SQES);

        byte* rings = (byte*)_rings.Address;
        _submissions = (SubmissionEntry*)_entries.Address;
        _submissionTail = (uint*)(rings + parameters.Submission.Tail);
        _submissionMask = *(uint*)(rings + parameters.Submission.Mask);
        _completions = (CompletionEntry*)(rings + parameters.Completion.DroppedOrEntries);
        _completionHead = (uint*)(rings + parameters.Completion.Head);
        _completionTail = (uint*)(rings + parameters.Completion.Tail);
        _completionMask = *(uint*)(rings + parameters.Completion.Mask);

        // Entry i is always submitted through index i, so the indirection is written once.
        uint* array = (uint*)(rings + parameters.Submission.ArrayOrFlags);
        for (uint i = 0; i < parameters.SubmissionEntries; i++) array[i] = i;
        _tail = *_submissionTail;
        _wait[0].Timeout = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_timeout, 0);
    }

    /// <summary>How many operations can be prepared for one submission.</summary>
    internal int Capacity { get; }

    /// <summary>Whether this thread may submit and something may have been submitted.</summary>
    internal bool IsUsable => !_ring.IsClosed && _owner == Environment.CurrentManagedThreadId;

    /// <summary>Opens a ring, or says why there is none.</summary>
    /// <param name="entries">The capacity wanted; the kernel rounds it up to a power of two.</param>
    /// <param name="queue">The ring.</param>
    /// <param name="error">The kernel's reason, or <see cref="LinuxErrorCode.None"/> when it opened one that lacks what we need.</param>
    /// <param name="reason">The same in words.</param>
    internal static bool TryOpen(int entries, out IoUringQueue? queue, out LinuxErrorCode error, out string reason)
    {
        const uint common = IoUringParameters.SetupClamp | IoUringParameters.SetupCqSize;
        const uint modern = common | IoUringParameters.SetupStartDisabled | IoUringParameters.SetupSubmitAll
            | IoUringParameters.SetupSingleIssuer | IoUringParameters.SetupDeferTaskRun;
        queue = null;
        if (!TrySetup(entries, modern, out SafeDescriptor ring, out IoUringParameters parameters, out error)
            && (error != LinuxErrorCode.EINVAL || !TrySetup(entries, common, out ring, out parameters, out error)))
        {
            reason = error switch
            {
                LinuxErrorCode.ENOSYS => "the kernel has no io_uring",
                LinuxErrorCode.EPERM or LinuxErrorCode.EACCES => "io_uring is not permitted here (sysctl kernel.io_uring_disabled, or a container's filter)",
                LinuxErrorCode.ENOMEM => "the limit of locked memory is too low for io_uring (ulimit -l)",
                _ => $"io_uring_setup: {Marshal.GetPInvokeErrorMessage((int)error)}",
            };
            return false;
        }

        if (IoUringProbe.Lacking(ring, parameters.Features) is { } lacking)
        {
            ring.Dispose();
            reason = lacking;
            return false;
        }

        try
        {
            queue = new IoUringQueue(ring, parameters);
        }
        catch (LinuxException exception)
        {
            ring.Dispose();
            error = exception.Code;
            reason = $"the ring could not be mapped: {exception.Message}";
            return false;
        }

        reason = "";
        return true;
    }

    /// <summary>Whether the kernel has an operation that not all have.</summary>
    internal bool Has(IoUringOperation operation) => IoUringProbe.Has(_ring, operation);

    /// <summary>io_uring_register(2).</summary>
    /// <returns><see cref="LinuxErrorCode.None"/>, or why the kernel refused.</returns>
    internal LinuxErrorCode Register(uint operation, Span<byte> argument, int count) =>
        Libc.io_uring_register(Libc.SYS_io_uring_register, _ring, (nint)operation, argument, count) < 0 ? Libc.LastError : LinuxErrorCode.None;

    /// <summary>The next free entry, cleared; the caller fills it before it asks for another. What was prepared is submitted first when all are taken.</summary>
    internal ref SubmissionEntry Prepare()
    {
        if (_prepared == Capacity) Submit();
        ref SubmissionEntry entry = ref _submissions[_tail & _submissionMask];
        entry = default;
        _tail++;
        _prepared++;
        return ref entry;
    }

    /// <summary>Submits what was prepared, without waiting. Operations that can be done at once are done when this returns.</summary>
    internal void Submit()
    {
        while (_prepared > 0) Enter(complete: 0, flags: 0, 0, 0);
    }

    /// <summary>Submits what was prepared and waits for a completion.</summary>
    /// <param name="nanoseconds">How long; negative is without limit.</param>
    /// <returns><see cref="LinuxErrorCode.None"/>, ETIME when the time was up, or EINTR.</returns>
    internal LinuxErrorCode SubmitAndWait(long nanoseconds)
    {
        if (nanoseconds < 0) return Enter(complete: 1, Libc.IORING_ENTER_GETEVENTS, 0, 0);
        _timeout[0] = KernelTimespec.FromNanoseconds(nanoseconds);
        return Enter(
            nanoseconds == 0 ? 0u : 1u,
            Libc.IORING_ENTER_GETEVENTS | Libc.IORING_ENTER_EXT_ARG,
            Marshal.UnsafeAddrOfPinnedArrayElement(_wait, 0),
            sizeof(WaitArgument));
    }

    /// <summary>Takes one result.</summary>
    /// <returns><see langword="false"/> when there is none.</returns>
    internal bool TryTake(out CompletionEntry completion)
    {
        uint head = *_completionHead;
        // Pairs with the kernel's release of the tail: the entry is written before it is counted.
        if (head == Volatile.Read(ref Unsafe.AsRef<uint>(_completionTail)))
        {
            completion = default;
            return false;
        }

        completion = _completions[head & _completionMask];
        // After the copy: from here on the kernel may overwrite the entry.
        Volatile.Write(ref Unsafe.AsRef<uint>(_completionHead), head + 1);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        _entries.Dispose();
        _rings.Dispose();
    }

    private static bool TrySetup(int entries, uint flags, out SafeDescriptor ring, out IoUringParameters parameters, out LinuxErrorCode error)
    {
        // Each operation gives one completion, and polls wait beside the batches: four times leaves room for all.
        parameters = new IoUringParameters { Flags = flags, CompletionEntries = (uint)entries * 4 };
        return SafeDescriptor.TryOwn((int)Libc.io_uring_setup(Libc.SYS_io_uring_setup, entries, ref parameters), out ring, out error);
    }

    private LinuxErrorCode Enter(uint complete, uint flags, nint argument, nint argumentSize)
    {
        if (_owner == 0) _owner = Environment.CurrentManagedThreadId;
        if (_mustEnable)
        {
            // From here on the ring belongs to this thread.
            _mustEnable = false;
            if (Libc.io_uring_register(Libc.SYS_io_uring_register, _ring, (nint)Libc.IORING_REGISTER_ENABLE_RINGS, [], 0) < 0)
                throw LinuxException.Because(Libc.LastError, "io_uring_register IORING_REGISTER_ENABLE_RINGS");
        }

        // Pairs with the kernel's acquire: entries are written before they are counted.
        Volatile.Write(ref Unsafe.AsRef<uint>(_submissionTail), _tail);
        nint submitted = Libc.io_uring_enter(Libc.SYS_io_uring_enter, _ring, _prepared, (nint)complete, (nint)flags, argument, argumentSize);
        if (submitted >= 0)
        {
            _prepared -= (int)submitted;
            return LinuxErrorCode.None;
        }

        LinuxErrorCode error = Libc.LastError;
        if (error is LinuxErrorCode.EINTR or LinuxErrorCode.ETIME or LinuxErrorCode.EAGAIN) return error;
        throw new LinuxException(
            "io_uring_enter", error, error == LinuxErrorCode.EEXIST ? "A poller belongs to the thread that first waited on it" : null);
    }
}
