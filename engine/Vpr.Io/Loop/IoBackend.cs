namespace Vpr.Io;

/// <summary>How a loop waits and moves packets; the configuration's <c>io = auto|uring|epoll</c>. A system with one back-end leaves nothing to choose.</summary>
public enum IoBackend
{
    /// <summary>io_uring where the kernel has what we need and permits it, otherwise epoll.</summary>
    Auto,

    /// <summary>epoll(7), one system call a packet on TUN, one a batch on UDP.</summary>
    Epoll,

    /// <summary>io_uring(7), one system call a batch on both.</summary>
    IoUring,

    /// <summary>kqueue(2) of macOS and FreeBSD, one system call a packet.</summary>
    Kqueue,
}
