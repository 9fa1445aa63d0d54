using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <summary>libc, one file a header. Every function is the thin system call of its manual page; none is looked for before it is called first.</summary>
/// <remarks>
/// unistd.h, sys/uio.h, fcntl.h, sys/ioctl.h: read(2), write(2), writev(2), close(2), fcntl(2), ioctl(2). The last two are variadic. On Apple's arm64 a variadic argument goes on
/// the stack even when registers are free, elsewhere it goes where a third argument goes: the argument is passed as the third and, behind enough zeros to fill the eight argument
/// registers, once more as the first on the stack.
/// </remarks>
internal static partial class DarwinLibc
{
    private const string Name = "libc";

    internal const int F_SETFD = 2;
    internal const int F_SETFL = 4;
    internal const int FD_CLOEXEC = 1;
    internal const int O_NONBLOCK = 0x4;
    internal const int O_NONBLOCK_Linux = 0x800;

    /// <summary>Vectors to a call at most (IOV_MAX of limits.h).</summary>
    internal const int IOV_MAX = 1024;

    /// <summary>fcntl(2) with an integer argument.</summary>
    internal static int Control(SafeHandle fd, int command, nint argument) => fcntl(fd, command, argument, 0, 0, 0, 0, 0, argument);

    /// <summary>ioctl(2) with a structure.</summary>
    internal static unsafe int Control(SafeHandle fd, nuint request, Span<byte> argument)
    {
        // Safe: the structure is pinned during the call, and every request here has the structure's size in its number.
        fixed (byte* pointer = argument) return ioctl(fd, request, (nint)pointer, 0, 0, 0, 0, 0, (nint)pointer);
    }

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(int fd, Span<byte> buffer, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint write(int fd, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint writev(int fd, nint vectors, int count);

    [LibraryImport(Name, SetLastError = true)]
    private static partial int fcntl(SafeHandle fd, int command, nint argument, nint r3, nint r4, nint r5, nint r6, nint r7, nint stacked);

    [LibraryImport(Name, SetLastError = true)]
    private static partial int ioctl(SafeHandle fd, nuint request, nint argument, nint r3, nint r4, nint r5, nint r6, nint r7, nint stacked);
}

/// <summary>struct iovec of sys/uio.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoVector
{
    internal nint Base;
    internal nuint Length;
}
