using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>libc, one file a header. Every function is the thin system call of its manual page; variadic ones are declared with the arguments we pass, which
/// the x86-64 and arm64 Linux calling conventions treat alike.</summary>
/// <remarks>unistd.h: read(2), write(2), close(2), pipe2(2), writev(2)</remarks>
internal static partial class Libc
{
    private const string Name = "libc";

    /// <summary>Why the last call on this thread failed; to be read before anything else that may call the system.</summary>
    internal static LinuxErrorCode LastError => (LinuxErrorCode)Marshal.GetLastPInvokeError();

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(int fd, Span<byte> buffer, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint write(int fd, ReadOnlySpan<byte> buffer, nuint count);

    /// <summary>Vectors to a call at most (linux/uio.h).</summary>
    internal const int UIO_MAXIOV = 1024;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint writev(int fd, nint vectors, int count);
}
