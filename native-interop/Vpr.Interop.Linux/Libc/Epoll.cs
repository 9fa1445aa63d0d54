using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>sys/epoll.h, poll.h: epoll(7), poll(2)</remarks>
internal static partial class Libc
{
    internal const uint POLLIN = 0x1;
    internal const uint POLLOUT = 0x4;
    internal const uint POLLERR = 0x8;
    internal const uint POLLHUP = 0x10;

    internal const int EPOLL_CLOEXEC = O_CLOEXEC;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;

    /// <summary>Bytes of struct epoll_event: packed on x86-64 alone (linux/eventpoll.h), naturally aligned on arm64.</summary>
    internal static readonly int EpollEventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where the 64 bits of user data lie in struct epoll_event.</summary>
    internal static readonly int EpollEventData = EpollEventSize - sizeof(ulong);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int epoll_ctl(SafeDescriptor epoll, int operation, SafeHandle fd, ReadOnlySpan<byte> ev);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int epoll_wait(SafeDescriptor epoll, Span<byte> events, int capacity, int milliseconds);
}
