namespace Vpr.Io;

/// <summary>How a loop waits and moves packets; the configuration's <c>io = auto|uring|epoll</c>. A system with one back-end leaves nothing to choose.</summary>
public enum IoBackend
{
    /// <summary>What the laboratory speaks for: on Linux epoll, which is as fast as io_uring and works everywhere (docs/performance.md).</summary>
    Auto,

    /// <summary>epoll(7), one system call a packet on TUN, one a batch on UDP.</summary>
    Epoll,

    /// <summary>io_uring(7): the kernel receives and reads ahead, so that a system call is left for waiting and for sending a batch.</summary>
    IoUring,

    /// <summary>kqueue(2) of macOS and FreeBSD, one system call a packet.</summary>
    Kqueue,
}
