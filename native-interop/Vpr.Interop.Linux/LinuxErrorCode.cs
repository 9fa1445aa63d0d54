namespace Vpr.Interop.Linux;

/// <summary>An error number of the kernel, by its name in errno(3).</summary>
/// <remarks>asm-generic/errno-base.h and asm-generic/errno.h; x86-64 and arm64 share these numbers. A number without a name here is kept as it is.</remarks>
public enum LinuxErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Operation not permitted: a capability is missing, or a policy forbids the call.</summary>
    EPERM = 1,

    /// <summary>No such file, table, chain or rule.</summary>
    ENOENT = 2,

    /// <summary>No such process; for routes: no such route.</summary>
    ESRCH = 3,

    /// <summary>Interrupted by a signal.</summary>
    EINTR = 4,

    /// <summary>Input or output error; a TUN interface that is down gives it.</summary>
    EIO = 5,

    /// <summary>No such device or address.</summary>
    ENXIO = 6,

    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,

    /// <summary>Try again: a non-blocking call would have had to wait.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory, or of locked memory.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>Already exists.</summary>
    EEXIST = 17,

    /// <summary>No such device.</summary>
    ENODEV = 19,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>Too many open files in the system.</summary>
    ENFILE = 23,

    /// <summary>Too many open files in the process.</summary>
    EMFILE = 24,

    /// <summary>Not a terminal, or a request that the device does not know.</summary>
    ENOTTY = 25,

    /// <summary>No space left.</summary>
    ENOSPC = 28,

    /// <summary>Read-only file system.</summary>
    EROFS = 30,

    /// <summary>Result too large for the buffer offered.</summary>
    ERANGE = 34,

    /// <summary>The kernel does not have this system call.</summary>
    ENOSYS = 38,

    /// <summary>Timer expired.</summary>
    ETIME = 62,

    /// <summary>File descriptor in bad state; a TUN queue whose interface was deleted gives it.</summary>
    EBADFD = 77,

    /// <summary>Message too long for the path or the socket.</summary>
    EMSGSIZE = 90,

    /// <summary>Protocol not available.</summary>
    ENOPROTOOPT = 92,

    /// <summary>Protocol not supported.</summary>
    EPROTONOSUPPORT = 93,

    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,

    /// <summary>Address family not supported; IPv6 may be off.</summary>
    EAFNOSUPPORT = 97,

    /// <summary>Address already in use.</summary>
    EADDRINUSE = 98,

    /// <summary>Cannot assign the requested address.</summary>
    EADDRNOTAVAIL = 99,

    /// <summary>Network is down.</summary>
    ENETDOWN = 100,

    /// <summary>Network is unreachable.</summary>
    ENETUNREACH = 101,

    /// <summary>No buffer space available.</summary>
    ENOBUFS = 105,

    /// <summary>Connection timed out.</summary>
    ETIMEDOUT = 110,

    /// <summary>Connection refused: the peer's host said that no socket is there.</summary>
    ECONNREFUSED = 111,

    /// <summary>No route to host.</summary>
    EHOSTUNREACH = 113,

    /// <summary>Cancelled.</summary>
    ECANCELED = 125,
}
