using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <summary>A kqueue: takes changes, gives events. The one place that calls the kernel for a <see cref="KqueuePoller"/>.</summary>
internal abstract class KernelQueue : IDisposable
{
    /// <summary>A handle that is valid as long as the queue, for the sources that have no descriptor of their own.</summary>
    internal abstract SafeHandle Handle { get; }

    /// <summary>kevent(2): applies the changes, then waits for events. Any thread may, also while another waits.</summary>
    /// <param name="changes">Changes in the queue's layout.</param>
    /// <param name="changeCount">How many.</param>
    /// <param name="events">Room for events; a change that fails becomes one, with EV_ERROR.</param>
    /// <param name="eventCapacity">How many events there is room for; with 0 the call does not wait, and a change that fails is the call's error.</param>
    /// <param name="nanoseconds">How long to wait; 0 not at all, -1 for ever.</param>
    /// <returns>How many events came, or a negative errno value.</returns>
    internal abstract int Exchange(ReadOnlySpan<byte> changes, int changeCount, Span<byte> events, int eventCapacity, long nanoseconds);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>The kernel's own.</summary>
/// <remarks>kqueue(2), kevent(2)</remarks>
internal sealed class NativeKernelQueue : KernelQueue
{
    private readonly SafeDescriptor _queue = SafeDescriptor.Own(DarwinLibc.kqueue(), "kqueue");

    internal override SafeHandle Handle => _queue;

    internal override int Exchange(ReadOnlySpan<byte> changes, int changeCount, Span<byte> events, int eventCapacity, long nanoseconds)
    {
        // struct timespec: two longs on every 64-bit system.
        Span<long> timeout = [nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000];
        int count = DarwinLibc.kevent(_queue, changes, changeCount, events, eventCapacity, nanoseconds < 0 ? default : (ReadOnlySpan<long>)timeout);
        return count >= 0 ? count : -Marshal.GetLastPInvokeError();
    }

    public override void Dispose() => _queue.Dispose();
}
