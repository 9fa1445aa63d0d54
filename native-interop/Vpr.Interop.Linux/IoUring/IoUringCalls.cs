using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>linux/io_uring.h: io_uring_setup(2), io_uring_enter(2), io_uring_register(2)</remarks>
internal static partial class Libc
{
    internal const uint IORING_ENTER_GETEVENTS = 1 << 0;
    internal const uint IORING_ENTER_EXT_ARG = 1 << 3;
    internal const uint IORING_REGISTER_PROBE = 8;
    internal const uint IORING_REGISTER_ENABLE_RINGS = 12;
    internal const uint IORING_REGISTER_PBUF_RING = 22;
    internal const uint IORING_UNREGISTER_PBUF_RING = 23;
    internal const ushort IORING_RECV_MULTISHOT = 1 << 1;
    internal const byte IOSQE_BUFFER_SELECT = 1 << 5;
    internal const nint IORING_OFF_SQ_RING = 0;
    internal const nint IORING_OFF_SQES = 0x10000000;

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint io_uring_setup(nint number, nint entries, ref IoUringParameters parameters);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint io_uring_enter(nint number, SafeDescriptor ring, nint submit, nint complete, nint flags, nint argument, nint argumentSize);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint io_uring_register(nint number, SafeDescriptor ring, nint operation, Span<byte> argument, nint count);
}
