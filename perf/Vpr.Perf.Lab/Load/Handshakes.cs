using System.Globalization;
using System.Text.Json;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Report;

namespace Vpr.Perf.Lab.Load;

/// <summary>Handshakes one after the other, from the client's host to the server that is measured.</summary>
internal static class Handshakes
{
    /// <summary>Handshakes in flight, each by a client of its own: enough to keep a server's core busy, and far from where it asks for Retry.</summary>
    public const int InFlight = 8;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    /// <summary>Makes them.</summary>
    /// <param name="network">The hosts.</param>
    /// <param name="profiles">The files of the clients' profiles.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchException">One came to nothing.</exception>
    public static async Task<HandshakeResult> RunAsync(LabNetwork network, IReadOnlyList<string> profiles, int seconds, CancellationToken cancellation)
    {
        string[] command = [.. SelfCommand.Line, "handshakes", "--seconds", seconds.ToString(CultureInfo.InvariantCulture), .. profiles.SelectMany(path => new[] { "--profile", path })];
        string output = await ChildProcess.CheckAsync(LabNetwork.In(network.Client, command), TimeSpan.FromSeconds(seconds) + s_grace, cancellation).ConfigureAwait(false);
        return JsonSerializer.Deserialize(output, ReportJson.Default.HandshakeResult) ?? throw new BenchException("The load generator gave no result.");
    }
}
