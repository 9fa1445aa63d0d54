using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>Wakes a loop on kqueue from any thread.</summary>
/// <remarks>
/// kqueue(2), EVFILT_USER. Whether there is a signal is kept here; the user event only ends a wait that has begun, so that signals before the loop waits, and those that follow one
/// not yet taken, cost no system call. A user event lives in one kqueue: a wake-up is added to one poller, once.
/// </remarks>
public sealed class KqueueWakeUp : LoopWakeUp
{
    private KqueuePoller? _poller;
    private int _signalled;
    private int _index;
    private volatile bool _isDisposed;

    /// <summary>Whether there is a signal that was not taken.</summary>
    internal bool IsSignalled => Volatile.Read(ref _signalled) != 0;

    /// <inheritdoc/>
    public override void Signal()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        // Both here and in AttachTo one side's write comes before its read of the other's: a signal is either seen when the loop looks, or triggers.
        if (Interlocked.Exchange(ref _signalled, 1) == 0) Volatile.Read(ref _poller)?.Trigger(_index);
    }

    /// <inheritdoc/>
    public override bool Drain() => Interlocked.Exchange(ref _signalled, 0) != 0;

    /// <inheritdoc/>
    public override void Dispose() => _isDisposed = true;

    /// <summary>Says which user event of which poller it is.</summary>
    /// <exception cref="ArgumentException">It was added already.</exception>
    internal void AttachTo(KqueuePoller poller, int index)
    {
        if (_poller is not null) throw new ArgumentException("A wake-up belongs to one poller.");
        _index = index;
        Interlocked.Exchange(ref _poller, poller);
    }
}
