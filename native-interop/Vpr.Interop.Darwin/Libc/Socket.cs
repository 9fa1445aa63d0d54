using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <remarks>sys/socket.h: socket(2), connect(2), bind(2), sendmsg(2), recvmsg(2), getsockopt(2)</remarks>
internal static partial class DarwinLibc
{
    internal const int AF_INET = 2;
    internal const int SOCK_DGRAM = 2;
    internal const int IPPROTO_UDP = 17;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int connect(SafeDescriptor socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int bind(SafeDescriptor socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockname(SafeDescriptor socket, Span<byte> address, ref uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(SafeDescriptor socket, int level, int name, in int value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockopt(SafeDescriptor socket, int level, int name, Span<byte> value, ref uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendmsg(int socket, nint message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvmsg(int socket, nint message, int flags);
}
