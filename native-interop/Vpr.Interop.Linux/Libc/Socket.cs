using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>sys/socket.h, asm-generic/socket.h: socket(2), bind(2), recvmmsg(2), sendmmsg(2), socket(7)</remarks>
internal static partial class Libc
{
    internal const int AF_UNSPEC = 0;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;

    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_NONBLOCK = O_NONBLOCK;
    internal const int SOCK_CLOEXEC = O_CLOEXEC;

    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_SNDBUF = 7;
    internal const int SO_RCVBUF = 8;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SO_MARK = 36;
    internal const int SO_ATTACH_REUSEPORT_CBPF = 51;

    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int bind(SafeDescriptor socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockname(SafeDescriptor socket, Span<byte> address, ref uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(SafeDescriptor socket, int level, int name, in int value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(SafeDescriptor socket, int level, int name, in FilterProgram value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockopt(SafeDescriptor socket, int level, int name, out int value, ref uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sendmmsg(SafeDescriptor socket, nint messages, uint count, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int recvmmsg(SafeDescriptor socket, nint messages, uint count, int flags, nint timeout);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint send(SafeDescriptor socket, ReadOnlySpan<byte> buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recv(SafeDescriptor socket, Span<byte> buffer, nuint length, int flags);
}

/// <summary>struct iovec of uio.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoVector
{
    internal nint Base;
    internal nuint Length;
}

/// <summary>struct msghdr of recvmsg(2), in the layout of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageHeader
{
    internal nint Name;
    internal uint NameLength;
    internal nint Vectors;
    internal nuint VectorCount;
    internal nint Control;
    internal nuint ControlLength;
    internal int Flags;
}

/// <summary>struct mmsghdr of recvmmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchMessageHeader
{
    internal MessageHeader Header;
    internal uint Length;
}
