using System.Net;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>A peer that is up: where its traffic goes, and the processes that carry it, which end when it is disposed.</summary>
/// <param name="target">The server's address on the inside.</param>
/// <param name="clientEnd">The client end's process, or null when the kernel alone carries the traffic.</param>
/// <param name="serverEnd">The server end's process, or null.</param>
internal sealed class RunningPeer(IPAddress target, ChildProcess? clientEnd, ChildProcess? serverEnd) : IDisposable
{
    /// <summary>The server's address on the inside.</summary>
    public IPAddress Target { get; } = target;

    /// <summary>The client end's process, or null when the kernel alone carries the traffic.</summary>
    public ChildProcess? ClientEnd { get; } = clientEnd;

    /// <summary>The server end's process, or null.</summary>
    public ChildProcess? ServerEnd { get; } = serverEnd;

    /// <summary>The pids of both ends.</summary>
    public IReadOnlyList<int> Pids { get; } =
        new[] { clientEnd, serverEnd }.OfType<ChildProcess>().Select(process => process.Id).ToArray();

    /// <summary>What bringing it up showed, by <see cref="Measure.Metric.Id"/>.</summary>
    public IReadOnlyDictionary<string, double> Facts { get; init; } = new Dictionary<string, double>();

    /// <summary>Makes clients known to the server, as many as asked for, and names their profiles; null where handshakes cannot be made one after the other.</summary>
    public Func<int, CancellationToken, Task<IReadOnlyList<string>>>? AddClients { get; init; }

    /// <summary>Whether an end has died.</summary>
    public bool HasEnded => ClientEnd is { HasExited: true } || ServerEnd is { HasExited: true };

    /// <summary>Fails when an end has died: what is measured afterwards would be something else.</summary>
    /// <exception cref="BenchException">An end has died; the message holds what it said.</exception>
    public void ThrowIfDead()
    {
        foreach (ChildProcess end in new[] { ClientEnd, ServerEnd }.OfType<ChildProcess>())
        {
            if (end.HasExited) throw new BenchException($"\"{end.CommandLine}\" ended while it was measured: {(end.Errors + end.Output).Trim()}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClientEnd?.Dispose();
        ServerEnd?.Dispose();
    }
}
