using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>Asks a ring whether the kernel has every operation and feature that the loop uses.</summary>
/// <remarks>io_uring_register(2), IORING_REGISTER_PROBE</remarks>
internal static class IoUringProbe
{
    private const int MaxOperations = 256;
    private const int HeaderSize = 16;
    private const int OperationSize = 8;
    private const ushort IO_URING_OP_SUPPORTED = 1;

    private const uint NeededFeatures =
        IoUringParameters.FeatureSingleMap | IoUringParameters.FeatureNoDrop | IoUringParameters.FeatureExtendedArgument;

    private static ReadOnlySpan<IoUringOperation> NeededOperations =>
    [
        IoUringOperation.PollAdd, IoUringOperation.PollRemove, IoUringOperation.AsyncCancel, IoUringOperation.Read, IoUringOperation.Write,
    ];

    /// <summary>What the ring lacks, in words, or <see langword="null"/>.</summary>
    internal static string? Lacking(SafeDescriptor ring, uint features)
    {
        if ((features & NeededFeatures) != NeededFeatures) return "the kernel's io_uring cannot wait until a deadline (Linux 5.11 can)";
        Span<byte> probe = stackalloc byte[HeaderSize + MaxOperations * OperationSize];
        probe.Clear();
        if (Libc.io_uring_register(Libc.SYS_io_uring_register, ring, (nint)Libc.IORING_REGISTER_PROBE, probe, MaxOperations) < 0)
            return $"io_uring does not tell what it can do: {Marshal.GetPInvokeErrorMessage((int)Libc.LastError)}";
        foreach (IoUringOperation operation in NeededOperations)
        {
            int entry = HeaderSize + (int)operation * OperationSize;
            ushort flags = MemoryMarshal.Read<ushort>(probe[(entry + 2)..]);
            if (probe[entry] != (byte)operation || (flags & IO_URING_OP_SUPPORTED) == 0) return $"the kernel's io_uring lacks the operation {operation}";
        }

        return null;
    }
}
