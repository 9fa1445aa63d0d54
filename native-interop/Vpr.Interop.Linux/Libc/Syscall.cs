using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>sys/syscall.h, asm-generic/unistd.h: syscall(2), for calls that libc does not wrap everywhere. These numbers are the same on every architecture.</remarks>
internal static partial class Libc
{
    internal const nint SYS_io_uring_setup = 425;
    internal const nint SYS_io_uring_enter = 426;
    internal const nint SYS_io_uring_register = 427;
    internal const nint SYS_epoll_pwait2 = 441;

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint epoll_pwait2(nint number, SafeDescriptor epoll, Span<byte> events, nint capacity, in KernelTimespec timeout, nint signalMask, nint signalMaskSize);
}

/// <summary>struct __kernel_timespec of linux/time_types.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelTimespec
{
    internal long Seconds;
    internal long Nanoseconds;

    internal static KernelTimespec FromNanoseconds(long nanoseconds) =>
        new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
}
