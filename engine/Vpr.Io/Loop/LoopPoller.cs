using System.Runtime.InteropServices;

namespace Vpr.Io;

/// <summary>Where a loop thread waits: for its socket, its packet device, its mailbox and its next deadline at once.</summary>
/// <remarks>
/// Level-triggered on every back-end: a source stays ready until it is drained, so a loop may leave packets for the next round. One thread at a time, and
/// always the same once it has waited; only <see cref="LoopWakeUp.Signal"/> is for others. Nothing is allocated after the sources are added. Devices, sockets and
/// wake-ups are those of the platform that the poller belongs to; a platform opens its pollers (<c>LinuxPoller.Open</c>).
/// <code>
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

    /// <summary>Which back-end this is; never <see cref="IoBackend.Auto"/>.</summary>
    public abstract IoBackend Backend { get; }

    /// <summary>One line for the log: the back-end, and what of it the kernel refused.</summary>
    public abstract string Description { get; }

    /// <summary>The time now on the monotonic clock that deadlines are measured against.</summary>
    public abstract Instant Now { get; }

    /// <summary>The sources by index; a removed one leaves <see langword="null"/>.</summary>
    protected ReadOnlySpan<LoopSource?> Sources => CollectionsMarshal.AsSpan(_sources);

    /// <summary>The index of the source that is registered next.</summary>
    protected int NextIndex => _sources.Count;

    /// <summary>Waits for a socket to be readable, and gives the form of it that suits this back-end.</summary>
    /// <exception cref="ArgumentException">The socket is not one of this platform's.</exception>
    public abstract LoopSource<IDatagramSocket> Add(IDatagramSocket socket);

    /// <summary>
    /// Bytes of headroom that a batch needs for <see cref="Add(IDatagramSocket, PacketBatch)"/>: where the kernel receives ahead, it writes what it knows of a datagram
    /// in front of it. 0 where it does not.
    /// </summary>
    public virtual int ReceiveHeadroom => 0;

    /// <summary>As <see cref="Add(IDatagramSocket)"/>, for a loop that receives into one batch only: a back-end may let the kernel receive ahead into its free slots.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="received">
    /// The batch that every receive adds to, and nothing else does, until the source is removed. What lies in slots at or behind <see cref="PacketBatch.Count"/> is the
    /// kernel's from the next wait on, so a loop empties the batch only when it is done with its bytes. At least <see cref="ReceiveHeadroom"/> bytes of headroom.
    /// </param>
    /// <returns>The source. What came before its removal can still be received from its device, until the batch is added again.</returns>
    /// <exception cref="ArgumentException">The socket is not one of this platform's, or the batch has too little headroom.</exception>
    public virtual LoopSource<IDatagramSocket> Add(IDatagramSocket socket, PacketBatch received) => Add(socket);

    /// <summary>Waits for a packet device to be readable, and gives the form of it that suits this back-end.</summary>
    /// <exception cref="ArgumentException">The device is not one of this platform's.</exception>
    public abstract LoopSource<IPacketDevice> Add(IPacketDevice device);

    /// <summary>As <see cref="Add(IPacketDevice)"/>, for a loop that reads into one batch only: a back-end may let the kernel read ahead into its free slots.</summary>
    /// <param name="device">The device.</param>
    /// <param name="read">
    /// The batch that every read adds to, and nothing else does, until the source is removed. What lies in slots at or behind <see cref="PacketBatch.Count"/> is the
    /// kernel's from the next wait or read on, so a loop empties the batch only when it is done with its bytes.
    /// </param>
    /// <returns>The source. What came before its removal can still be read from its device, until the batch is added again.</returns>
    /// <exception cref="ArgumentException">The device is not one of this platform's, or the batch is too small for it.</exception>
    public virtual LoopSource<IPacketDevice> Add(IPacketDevice device, PacketBatch read) => Add(device);

    /// <summary>Waits for a wake-up.</summary>
    /// <exception cref="ArgumentException">The wake-up is not one of this platform's.</exception>
    public abstract LoopSource Add(LoopWakeUp wakeUp);

    /// <summary>Waits for any other descriptor that can be polled, a TCP socket's handle or a pipe; throws the platform's exception for one that cannot.</summary>
    public LoopSource Add(SafeHandle descriptor, Readiness interest) => Register(new LoopSource(descriptor, NextIndex, interest));

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
    /// <param name="deadline">On the clock of <see cref="Now"/>; one that has passed makes this a look without waiting, <see cref="Instant.Never"/> waits for sources alone.</param>
    /// <returns>How many sources are ready; 0 when the deadline came first, or a signal interrupted the wait.</returns>
    public int Wait(Instant deadline)
    {
        foreach (LoopSource? source in Sources)
        {
            if (source is not null) source.Ready = Readiness.None;
        }

        return WaitCore(deadline);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Waits; no source is ready yet. The back-end sets <see cref="LoopSource.Ready"/> of those that are.</summary>
    protected abstract int WaitCore(Instant deadline);

    /// <summary>A source was added with its interest. When this throws it was not.</summary>
    protected abstract void Registered(LoopSource source);

    /// <summary>A source's <see cref="LoopSource.Interest"/> is another one than before.</summary>
    protected abstract void InterestChanged(LoopSource source);

    /// <summary>A source is no longer among <see cref="Sources"/>; its descriptor may be closed already.</summary>
    protected abstract void Removed(LoopSource source);

    /// <summary>Adds a source that was made with <see cref="NextIndex"/>.</summary>
    protected TSource Register<TSource>(TSource source)
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
}
