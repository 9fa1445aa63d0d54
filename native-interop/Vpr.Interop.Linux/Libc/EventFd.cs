using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>sys/eventfd.h: eventfd(2)</remarks>
internal static partial class Libc
{
    internal const int EFD_NONBLOCK = O_NONBLOCK;
    internal const int EFD_CLOEXEC = O_CLOEXEC;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int eventfd(uint initial, int flags);
}
