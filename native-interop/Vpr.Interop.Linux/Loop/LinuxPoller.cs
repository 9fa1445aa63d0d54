using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Opens a loop's poller on Linux, and is what epoll and io_uring have in common.</summary>
/// <remarks>
/// Takes <see cref="UdpDatagramSocket"/>, <see cref="TunDevice"/> and <see cref="EventFd"/>; deadlines are those of <see cref="MonotonicClock"/>.
/// <code>
/// using LoopPoller poller = LinuxPoller.Open(IoBackend.Auto);
/// </code>
/// </remarks>
public abstract class LinuxPoller : LoopPoller
{
    private protected LinuxPoller()
    {
    }

    /// <summary>Opens a poller. Any thread may; the first wait binds it to its loop thread.</summary>
    /// <param name="backend">The back-end wanted.</param>
    /// <exception cref="LinuxException">io_uring was asked for and is not to be had, or the process has too many open files.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The back-end is not one of Linux.</exception>
    public static LoopPoller Open(IoBackend backend)
    {
        switch (backend)
        {
            case IoBackend.Auto:
            case IoBackend.Epoll:
                return new EpollPoller();
            case IoBackend.IoUring:
                return IoUringQueue.TryOpen(IoUringPoller.Entries, out IoUringQueue? queue, out LinuxErrorCode error, out string reason)
                    ? new IoUringPoller(queue!)
                    : throw new LinuxException("io_uring", error, $"Use io = auto or io = epoll: {reason}");
            default:
                throw new ArgumentOutOfRangeException(nameof(backend));
        }
    }

    /// <inheritdoc/>
    public sealed override Instant Now => MonotonicClock.Now;

    /// <inheritdoc/>
    public sealed override LoopSource<IDatagramSocket> Add(IDatagramSocket socket) => socket is UdpDatagramSocket own
        ? Register(new LoopSource<IDatagramSocket>(own.Descriptor, NextIndex, Readiness.Readable, own))
        : throw new ArgumentException($"The socket is no {nameof(UdpDatagramSocket)}.", nameof(socket));

    /// <inheritdoc/>
    public sealed override LoopSource<IDatagramSocket> Add(IDatagramSocket socket, PacketBatch received)
    {
        if (socket is not UdpDatagramSocket own) return Add(socket);
        if (received.Headroom < ReceiveHeadroom)
            throw new ArgumentException($"A headroom of {received.Headroom} bytes cannot hold the {ReceiveHeadroom} in front of a datagram.", nameof(received));
        own.ThrowIfTooSmall(received);
        return Register(new LoopSource<IDatagramSocket>(own.Descriptor, NextIndex, Readiness.Readable, Suit(own, received)));
    }

    /// <inheritdoc/>
    public sealed override LoopSource<IPacketDevice> Add(IPacketDevice device) => device is TunDevice own
        ? Register(new LoopSource<IPacketDevice>(own.Descriptor, NextIndex, Readiness.Readable, Suit(own)))
        : throw new ArgumentException($"The device is no {nameof(TunDevice)}.", nameof(device));

    /// <inheritdoc/>
    public sealed override LoopSource<IPacketDevice> Add(IPacketDevice device, PacketBatch read)
    {
        if (device is not TunDevice own) return Add(device);
        own.ThrowIfTooSmall(read);
        return Register(new LoopSource<IPacketDevice>(own.Descriptor, NextIndex, Readiness.Readable, Suit(own, read)));
    }

    /// <inheritdoc/>
    public sealed override LoopSource Add(LoopWakeUp wakeUp) => wakeUp is EventFd own
        ? Add(own.Descriptor, Readiness.Readable)
        : throw new ArgumentException($"The wake-up is no {nameof(EventFd)}.", nameof(wakeUp));

    /// <summary>The form of a TUN queue that suits the back-end.</summary>
    private protected abstract IPacketDevice Suit(TunDevice device);

    /// <summary>The same for a loop that reads into one batch.</summary>
    private protected virtual IPacketDevice Suit(TunDevice device, PacketBatch read) => Suit(device);

    /// <summary>The form of a socket that suits the back-end, for a loop that receives into one batch.</summary>
    private protected virtual IDatagramSocket Suit(UdpDatagramSocket socket, PacketBatch received) => socket;

    private protected static uint ToPollMask(Readiness interest) =>
        ((interest & Readiness.Readable) != 0 ? Libc.POLLIN : 0) | ((interest & Readiness.Writable) != 0 ? Libc.POLLOUT : 0);

    private protected static Readiness FromPollMask(uint events) =>
        ((events & Libc.POLLIN) != 0 ? Readiness.Readable : Readiness.None)
        | ((events & Libc.POLLOUT) != 0 ? Readiness.Writable : Readiness.None)
        | ((events & (Libc.POLLERR | Libc.POLLHUP)) != 0 ? Readiness.Failed : Readiness.None);
}
