using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>Asks a ring whether the kernel has every operation and feature that the loop uses.</summary>
/// <remarks>io_uring_register(2), IORING_REGISTER_PROBE</remarks>
internal static class IoUringProbe
{
    private const int MaxOperations = 256;
    private const int HeaderSize = 16;
    private const int OperationSize = 8;
    private const int Size = HeaderSize + MaxOperations * OperationSize;
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
        Span<byte> probe = stackalloc byte[Size];
        if (Ask(ring, probe) is var error and not LinuxErrorCode.None)
            return $"io_uring does not tell what it can do: {Marshal.GetPInvokeErrorMessage((int)error)}";
        foreach (IoUringOperation operation in NeededOperations)
        {
            if (!IsSupported(probe, operation)) return $"the kernel's io_uring lacks the operation {operation}";
        }

        return null;
    }

    /// <summary>Whether the kernel has an operation that the loop can do without.</summary>
    internal static bool Has(SafeDescriptor ring, IoUringOperation operation)
    {
        Span<byte> probe = stackalloc byte[Size];
        return Ask(ring, probe) == LinuxErrorCode.None && IsSupported(probe, operation);
    }

    private static LinuxErrorCode Ask(SafeDescriptor ring, Span<byte> probe)
    {
        probe.Clear();
        return Libc.io_uring_register(Libc.SYS_io_uring_register, ring, (nint)Libc.IORING_REGISTER_PROBE, probe, MaxOperations) < 0 ? Libc.LastError : LinuxErrorCode.None;
    }

    private static bool IsSupported(ReadOnlySpan<byte> probe, IoUringOperation operation)
    {
        ReadOnlySpan<byte> entry = probe.Slice(HeaderSize + (int)operation * OperationSize, OperationSize);
        return entry[0] == (byte)operation && (MemoryMarshal.Read<ushort>(entry[2..]) & IO_URING_OP_SUPPORTED) != 0;
    }
}
