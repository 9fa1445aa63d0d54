using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Where a loop thread waits: for its socket, its TUN queue, its mailbox and its next deadline at once.</summary>
/// <remarks>
/// Level-triggered on every back-end: a source stays ready until it is drained, so a loop may leave packets for the next round. One thread at a time, and
/// always the same once it has waited; only <see cref="EventFd.Signal"/> is for others. Nothing is allocated after the sources are added.
/// <code>
/// using LoopPoller poller = LoopPoller.Open(IoBackend.Auto);
/// LoopSource&lt;IDatagramSocket&gt; udp = poller.Add(socket);
/// LoopSource&lt;IPacketDevice&gt; tun = poller.Add(device);
/// LoopSource mailbox = poller.Add(wakeUp);
/// while (running)
/// {
///     poller.Wait(nextTimeout);
///     if (udp.IsReadable) udp.Device.Receive(batch);
///     …
/// }
/// </code>
/// </remarks>
public abstract class LoopPoller : IDisposable
{
    private readonly List<LoopSource?> _sources = [];

    private protected LoopPoller()
    {
    }

    /// <summary>Which back-end this is; never <see cref="IoBackend.Auto"/>.</summary>
    public abstract IoBackend Backend { get; }

    /// <summary>One line for the log: the back-end, and why it was chosen over the other when there was a choice.</summary>
    public abstract string Description { get; }

    /// <summary>The sources by index; a removed one leaves <see langword="null"/>.</summary>
    private protected List<LoopSource?> Sources => _sources;

    /// <summary>Opens a poller. Any thread may; the first wait binds it to its loop thread.</summary>
    /// <param name="backend">The back-end wanted.</param>
    /// <exception cref="LinuxException">io_uring was asked for and is not to be had, or the process has too many open files.</exception>
    public static LoopPoller Open(IoBackend backend)
    {
        switch (backend)
        {
            case IoBackend.Epoll:
                return new EpollPoller("epoll");
            case IoBackend.Auto:
                return IoUringQueue.TryOpen(IoUringPoller.Entries, out IoUringQueue? queue, out _, out string reason)
                    ? new IoUringPoller(queue!)
                    : new EpollPoller($"epoll; {reason}");
            case IoBackend.IoUring:
                return IoUringQueue.TryOpen(IoUringPoller.Entries, out queue, out LinuxErrorCode error, out reason)
                    ? new IoUringPoller(queue!)
                    : throw new LinuxException("io_uring", error, $"Use io = auto or io = epoll: {reason}");
            default:
                throw new ArgumentOutOfRangeException(nameof(backend));
        }
    }

    /// <summary>Waits for a socket to be readable, and gives the form of it that suits this back-end.</summary>
    public abstract LoopSource<IDatagramSocket> Add(UdpDatagramSocket socket);

    /// <summary>Waits for a TUN queue to be readable, and gives the form of it that suits this back-end.</summary>
    public abstract LoopSource<IPacketDevice> Add(TunDevice device);

    /// <summary>Waits for a wake-up.</summary>
    public LoopSource Add(EventFd wakeUp) => Add(wakeUp.Descriptor, Readiness.Readable);

    /// <summary>Waits for any other descriptor that can be polled: a TCP socket's handle, a pipe.</summary>
    /// <exception cref="LinuxException">The descriptor cannot be polled.</exception>
    public LoopSource Add(SafeHandle descriptor, Readiness interest) => Register(new LoopSource(descriptor, _sources.Count, interest));

    /// <summary>Changes what a source is watched for: writable while a send came back short, nothing while its reader has no room.</summary>
    public void Watch(LoopSource source, Readiness interest)
    {
        if (source.Interest == interest) return;
        source.Interest = interest;
        InterestChanged(source);
    }

    /// <summary>Stops waiting for a source. Call it before the device is disposed: a poller may otherwise keep the device's file open.</summary>
    public void Remove(LoopSource source)
    {
        if (source.Index >= _sources.Count || _sources[source.Index] != source)
            throw new ArgumentException("The source belongs to another poller, or was removed.", nameof(source));
        _sources[source.Index] = null;
        source.Ready = Readiness.None;
        Removed(source);
    }

    /// <summary>Waits until a source is ready or the deadline has come, and sets every source's <see cref="LoopSource.Ready"/>.</summary>
    /// <param name="deadline">On <see cref="MonotonicClock"/>; one that has passed makes this a look without waiting, <see cref="Instant.Never"/> waits for sources alone.</param>
    /// <returns>How many sources are ready; 0 when the deadline came first, or a signal interrupted the wait.</returns>
    public int Wait(Instant deadline)
    {
        foreach (LoopSource? source in CollectionsMarshal.AsSpan(_sources))
        {
            if (source is not null) source.Ready = Readiness.None;
        }

        return WaitCore(deadline);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected abstract int WaitCore(Instant deadline);

    private protected abstract void Registered(LoopSource source);

    private protected abstract void InterestChanged(LoopSource source);

    private protected abstract void Removed(LoopSource source);

    private protected int NextIndex => _sources.Count;

    private protected TSource Register<TSource>(TSource source)
        where TSource : LoopSource
    {
        _sources.Add(source);
        try
        {
            Registered(source);
            return source;
        }
        catch
        {
            _sources.RemoveAt(_sources.Count - 1);
            throw;
        }
    }

    private protected static uint ToPollMask(Readiness interest) =>
        ((interest & Readiness.Readable) != 0 ? Libc.POLLIN : 0) | ((interest & Readiness.Writable) != 0 ? Libc.POLLOUT : 0);

    private protected static Readiness FromPollMask(uint events) =>
        ((events & Libc.POLLIN) != 0 ? Readiness.Readable : Readiness.None)
        | ((events & Libc.POLLOUT) != 0 ? Readiness.Writable : Readiness.None)
        | ((events & (Libc.POLLERR | Libc.POLLHUP)) != 0 ? Readiness.Failed : Readiness.None);
}
