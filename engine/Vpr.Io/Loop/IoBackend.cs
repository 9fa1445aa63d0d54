namespace Vpr.Io;

/// <summary>How a loop waits and moves packets; the configuration's <c>io = auto|uring|epoll</c>. A system with one back-end leaves nothing to choose.</summary>
public enum IoBackend
{
    /// <summary>The one that the laboratory measured as the better: on Linux epoll, which takes as much CPU time as io_uring and runs everywhere (docs/performance.md).</summary>
    Auto,

    /// <summary>epoll(7), one system call a packet on TUN, one a batch on UDP.</summary>
    Epoll,

    /// <summary>io_uring(7): the kernel receives and reads ahead, so that a system call is left for waiting and for sending a batch.</summary>
    IoUring,

    /// <summary>kqueue(2) of macOS and FreeBSD, one system call a packet.</summary>
    Kqueue,
}
