using System.Diagnostics;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>A loop's wait on kqueue, on macOS and FreeBSD.</summary>
/// <remarks>
/// kqueue(2), without EV_CLEAR and so level-triggered. A filter that is not watched is not in the queue. What the kernel watches is made equal to what the sources ask for by
/// the wait itself, in the same system call, so that a source that was watched and no longer is when the loop waits costs nothing. Takes <see cref="DarwinDatagramSocket"/>,
/// <see cref="UtunDevice"/> and <see cref="KqueueWakeUp"/>.
/// </remarks>
public sealed class KqueuePoller : LoopPoller
{
    private const int MinEvents = 64;
    private static readonly long NanosecondsPerTick = 1_000_000_000 / Stopwatch.Frequency;

    private readonly KernelQueue _queue;
    private readonly KeventLayout _layout;
    private readonly List<Readiness> _registered = [];
    private byte[] _changes = [];
    private byte[] _events = [];
    private int _changeCount;
    private int _ready;

    internal KqueuePoller(KernelQueue queue, KeventLayout layout)
    {
        _queue = queue;
        _layout = layout;
    }

    /// <inheritdoc/>
    public override IoBackend Backend => IoBackend.Kqueue;

    /// <inheritdoc/>
    public override string Description => "kqueue";

    /// <inheritdoc/>
    public override Instant Now => new(Stopwatch.GetTimestamp() * NanosecondsPerTick);

    /// <summary>Opens a poller.</summary>
    /// <exception cref="PlatformNotSupportedException">This is neither macOS nor FreeBSD.</exception>
    /// <exception cref="DarwinException">The process has too many open files.</exception>
    public static KqueuePoller Open()
    {
        KeventLayout layout = KeventLayout.OfThisSystem();
        return new KqueuePoller(new NativeKernelQueue(), layout);
    }

    /// <inheritdoc/>
    public override LoopSource<IDatagramSocket> Add(IDatagramSocket socket) => socket is DarwinDatagramSocket own
        ? Register(new LoopSource<IDatagramSocket>(own.Descriptor, NextIndex, Readiness.Readable, own))
        : throw new ArgumentException($"The socket is no {nameof(DarwinDatagramSocket)}.", nameof(socket));

    /// <inheritdoc/>
    public override LoopSource<IPacketDevice> Add(IPacketDevice device) => device is UtunDevice own
        ? Register(new LoopSource<IPacketDevice>(own.Descriptor, NextIndex, Readiness.Readable, own))
        : throw new ArgumentException($"The device is no {nameof(UtunDevice)}.", nameof(device));

    /// <inheritdoc/>
    public override LoopSource Add(LoopWakeUp wakeUp) => wakeUp is KqueueWakeUp own
        ? Register(new WakeUpSource(_queue.Handle, NextIndex, own))
        : throw new ArgumentException($"The wake-up is no {nameof(KqueueWakeUp)}.", nameof(wakeUp));

    /// <inheritdoc/>
    public override void Dispose() => _queue.Dispose();

    /// <summary>Ends a wait from another thread.</summary>
    internal void Trigger(int index)
    {
        Span<byte> change = stackalloc byte[_layout.Size];
        _layout.Write(change, new Kevent { Ident = (nuint)index, Filter = _layout.UserFilter, FilterFlags = DarwinLibc.NOTE_TRIGGER, UserData = index });
        try
        {
            // The event is there as long as the queue is; its removal needs no answer.
            _queue.Exchange(change, 1, default, 0, 0);
        }
        catch (ObjectDisposedException)
        {
            // The poller went while the signal was on its way: nobody waits any more.
        }
    }

    /// <inheritdoc/>
    protected override int WaitCore(Instant deadline)
    {
        _ready = 0;
        while (true)
        {
            PrepareChanges();
            LookAtWakeUps();
            long nanoseconds = _ready > 0 ? 0 : deadline == Instant.Never ? -1 : Math.Max(0, deadline.Nanoseconds - Now.Nanoseconds);
            int count = _queue.Exchange(_changes, _changeCount, _events, _events.Length / _layout.Size, nanoseconds);
            // Interrupted waits have taken their changes.
            if (count < 0 && count != -ErrorNumber.EINTR) throw new DarwinException(-count, "kevent");
            for (int i = 0; i < count; i++) Take(_layout.Read(_events, i));
            // A user event that is left over from a signal already taken ends a wait for nothing.
            LookAtWakeUps();
            if (_ready > 0 || count <= 0 || nanoseconds == 0) return _ready;
        }
    }

    /// <inheritdoc/>
    protected override void Registered(LoopSource source)
    {
        if (source is WakeUpSource wakeUp) wakeUp.WakeUp.AttachTo(this, source.Index);
        int error = Change(source, source.Interest, DarwinLibc.EV_ADD);
        if (error != 0)
        {
            // The first filter may be in the queue already.
            Change(source, source.Interest, DarwinLibc.EV_DELETE);
            throw new DarwinException(error, "kevent EV_ADD");
        }

        _registered.Add(source.Interest);
        // Two filters a source: as many changes, and as many events, should every change fail.
        int capacity = Math.Max(MinEvents, 2 * _registered.Count) * _layout.Size;
        if (capacity > _changes.Length)
        {
            _changes = new byte[capacity];
            _events = new byte[capacity];
        }
    }

    /// <inheritdoc/>
    protected override void InterestChanged(LoopSource source)
    {
        // The next wait sees it.
    }

    /// <inheritdoc/>
    protected override void Removed(LoopSource source)
    {
        Readiness registered = _registered[source.Index];
        _registered[source.Index] = Readiness.None;
        // At once, since the number of a descriptor that is closed next may be another's before the next wait. One that was closed first has left the queue by itself.
        if (!source.Descriptor.IsClosed) Change(source, registered, DarwinLibc.EV_DELETE);
    }

    /// <summary>Changes a source's filters one by one, without a wait.</summary>
    /// <returns>The errno value of the first that failed, or 0.</returns>
    private int Change(LoopSource source, Readiness filters, ushort action)
    {
        Span<byte> change = stackalloc byte[_layout.Size];
        int error = 0;
        foreach (Readiness filter in (ReadOnlySpan<Readiness>)[Readiness.Readable, Readiness.Writable])
        {
            if ((filters & filter) == 0 || !HasFilter(source, filter)) continue;
            _layout.Write(change, Describe(source, filter, action));
            int result = _queue.Exchange(change, 1, default, 0, 0);
            if (result < 0 && error == 0) error = -result;
        }

        return error;
    }

    /// <summary>Prepares what makes the kernel watch what the sources ask for.</summary>
    private void PrepareChanges()
    {
        _changeCount = 0;
        Span<Readiness> registered = CollectionsMarshal.AsSpan(_registered);
        foreach (LoopSource? source in Sources)
        {
            if (source is null or WakeUpSource) continue;
            Readiness changed = source.Interest ^ registered[source.Index];
            if (changed == Readiness.None) continue;
            registered[source.Index] = source.Interest;
            foreach (Readiness filter in (ReadOnlySpan<Readiness>)[Readiness.Readable, Readiness.Writable])
            {
                if ((changed & filter) == 0) continue;
                ushort action = (source.Interest & filter) != 0 ? DarwinLibc.EV_ADD : DarwinLibc.EV_DELETE;
                _layout.Write(_changes.AsSpan(_changeCount * _layout.Size), Describe(source, filter, action));
                _changeCount++;
            }
        }
    }

    private void LookAtWakeUps()
    {
        foreach (LoopSource? source in Sources)
        {
            if (source is WakeUpSource { WakeUp.IsSignalled: true } && (source.Interest & Readiness.Readable) != 0) MarkReady(source, Readiness.Readable);
        }
    }

    private void Take(in Kevent entry)
    {
        if (entry.UserData < 0 || entry.UserData >= Sources.Length || Sources[(int)entry.UserData] is not { } source || source is WakeUpSource) return;
        Readiness filter = entry.Filter == DarwinLibc.EVFILT_WRITE ? Readiness.Writable : Readiness.Readable;
        if ((entry.Flags & DarwinLibc.EV_ERROR) != 0)
        {
            // Only a filter that should be in the queue and could not be tells something about the descriptor. It is tried again by the next wait.
            if ((source.Interest & filter) == 0) return;
            CollectionsMarshal.AsSpan(_registered)[source.Index] &= ~filter;
            MarkReady(source, Readiness.Failed);
            return;
        }

        MarkReady(source, (entry.Flags & DarwinLibc.EV_EOF) != 0 ? filter | Readiness.Failed : filter);
    }

    private void MarkReady(LoopSource source, Readiness readiness)
    {
        if (source.Ready == Readiness.None) _ready++;
        source.Ready |= readiness;
    }

    private Kevent Describe(LoopSource source, Readiness filter, ushort action) => source is WakeUpSource
        ? new Kevent { Ident = (nuint)source.Index, Filter = _layout.UserFilter, Flags = (ushort)(action | DarwinLibc.EV_CLEAR), UserData = source.Index }
        : new Kevent
        {
            Ident = (nuint)source.Descriptor.DangerousGetHandle(),
            Filter = filter == Readiness.Writable ? DarwinLibc.EVFILT_WRITE : DarwinLibc.EVFILT_READ,
            Flags = action,
            UserData = source.Index,
        };

    private static bool HasFilter(LoopSource source, Readiness filter) => source is not WakeUpSource || filter == Readiness.Readable;

    private sealed class WakeUpSource(SafeHandle handle, int index, KqueueWakeUp wakeUp) : LoopSource(handle, index, Readiness.Readable)
    {
        internal KqueueWakeUp WakeUp { get; } = wakeUp;
    }
}
