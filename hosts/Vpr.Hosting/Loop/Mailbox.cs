using System.Collections.Concurrent;
using Vpr.Interop.Linux;
using Vpr.Io;

namespace Vpr.Hosting.Loop;

/// <summary>How other threads ask something of a loop: actions that run on its thread, in the order they were posted.</summary>
/// <remarks>For control work; packets never pass through it.</remarks>
public sealed class Mailbox : IDisposable
{
    private readonly ConcurrentQueue<Action> _actions = new();

    /// <summary>What the loop's poller waits for.</summary>
    public LoopWakeUp WakeUp { get; } = new EventFd();

    /// <summary>Asks the loop to run an action soon. Any thread may call it; after the loop's end it does nothing.</summary>
    public void Post(Action action)
    {
        _actions.Enqueue(action);
        WakeUp.Signal();
    }

    /// <summary>Asks the loop a question. Any thread may; after the loop's end there is no answer.</summary>
    /// <param name="question">Runs on the loop's thread.</param>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => answer.SetResult(question()));
        return answer.Task;
    }

    /// <summary>Runs what was posted; the loop thread's alone.</summary>
    public void Run()
    {
        WakeUp.Drain();
        while (_actions.TryDequeue(out Action? action)) action();
    }

    /// <inheritdoc/>
    public void Dispose() => WakeUp.Dispose();
}
