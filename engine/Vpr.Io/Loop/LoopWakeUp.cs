namespace Vpr.Io;

/// <summary>Wakes a loop from any thread: the write side of a mailbox. Signals collapse into one wake-up.</summary>
/// <remarks>Each platform has its own, such as an eventfd. A wake-up is added to one poller.</remarks>
public abstract class LoopWakeUp : IDisposable
{
    /// <summary>Makes the wake-up readable. Any thread may call it, also while the loop waits.</summary>
    /// <exception cref="ObjectDisposedException">The wake-up is disposed.</exception>
    public abstract void Signal();

    /// <summary>Takes every signal so far, so that the wake-up is not readable until the next. The loop thread calls it before it looks into its mailbox.</summary>
    /// <returns>Whether there was one.</returns>
    public abstract bool Drain();

    /// <inheritdoc/>
    public abstract void Dispose();
}
