using System.Runtime.InteropServices;

namespace Vpr.Io;

/// <summary>One descriptor that a loop waits for. Ready flags are those of the last <see cref="LoopPoller.Wait"/>.</summary>
public class LoopSource
{
    /// <summary>A source for a back-end to register.</summary>
    /// <param name="descriptor">What is waited for; stays its owner's.</param>
    /// <param name="index"><see cref="LoopPoller.NextIndex"/> of the poller.</param>
    /// <param name="interest">What is watched at first.</param>
    public LoopSource(SafeHandle descriptor, int index, Readiness interest)
    {
        Descriptor = descriptor;
        Index = index;
        Interest = interest;
    }

    /// <summary>What the last wait found; set by the back-end.</summary>
    public Readiness Ready { get; set; }

    /// <summary>Whether a read or receive is worth trying.</summary>
    public bool IsReadable => (Ready & Readiness.Readable) != 0;

    /// <summary>Whether a write or send that came back short is worth trying again.</summary>
    public bool IsWritable => (Ready & Readiness.Writable) != 0;

    /// <summary>Whether the descriptor is broken.</summary>
    public bool IsFailed => (Ready & Readiness.Failed) != 0;

    /// <summary>What is watched; change it with <see cref="LoopPoller.Watch"/>.</summary>
    public Readiness Interest { get; internal set; }

    /// <summary>What is waited for; its owner closes it.</summary>
    public SafeHandle Descriptor { get; }

    /// <summary>Which source of its poller this is, from 0.</summary>
    public int Index { get; }
}

/// <summary>A device or socket of a loop: its readiness, and the form of it that suits the loop's back-end.</summary>
/// <typeparam name="T"><see cref="IPacketDevice"/> or <see cref="IDatagramSocket"/>.</typeparam>
public sealed class LoopSource<T> : LoopSource
    where T : class
{
    /// <summary>A source for a back-end to register.</summary>
    /// <param name="descriptor">What is waited for; stays its owner's.</param>
    /// <param name="index"><see cref="LoopPoller.NextIndex"/> of the poller.</param>
    /// <param name="interest">What is watched at first.</param>
    /// <param name="device">What the loop reads and writes.</param>
    public LoopSource(SafeHandle descriptor, int index, Readiness interest, T device)
        : base(descriptor, index, interest) => Device = device;

    /// <summary>What the loop reads and writes. The one who opened the underlying device still owns it; this adds nothing to dispose.</summary>
    public T Device { get; }
}
