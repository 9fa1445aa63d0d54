using System.Net;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Load;

/// <summary>TCP bulk by iperf3: a server in one host, and runs from the other.</summary>
internal sealed class Iperf : IDisposable
{
    // How much longer than its own time a run may take: a stuck tunnel must not stop the laboratory.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _server;
    private readonly string _client;
    private readonly IPAddress _target;

    private Iperf(ChildProcess server, string client, IPAddress target) => (_server, _client, _target) = (server, client, target);

    /// <summary>Starts the server.</summary>
    /// <param name="network">The hosts.</param>
    /// <param name="target">The server's address, in or outside of a tunnel.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Iperf> StartAsync(LabNetwork network, IPAddress target, CancellationToken cancellation)
    {
        ChildProcess server = ChildProcess.Start(LabNetwork.In(network.Server, "iperf3", "--server", "--bind", $"{target}", "--forceflush"));
        try
        {
            await server.WaitForTextAsync("listening", s_grace, cancellation).ConfigureAwait(false);
            return new Iperf(server, network.Client, target);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Runs a scenario once.</summary>
    /// <exception cref="BenchException">It failed twice: a server that still ends the run before says that it is busy.</exception>
    public async Task<IperfResult> RunAsync(TcpScenario scenario, int seconds, CancellationToken cancellation)
    {
        string[] direction = scenario.Direction == Direction.Down ? ["--reverse"] : [];
        string[] command = LabNetwork.In(_client,
            ["iperf3", "--client", $"{_target}", "--json", "--time", $"{seconds}", "--parallel", $"{scenario.Flows}", "--congestion", scenario.CongestionControl, .. direction]);
        try
        {
            return await OnceAsync(command, seconds, cancellation).ConfigureAwait(false);
        }
        catch (BenchException)
        {
            return await OnceAsync(command, seconds, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    private static async Task<IperfResult> OnceAsync(string[] command, int seconds, CancellationToken cancellation)
    {
        CommandResult result = await ChildProcess.RunAsync(command, TimeSpan.FromSeconds(seconds) + s_grace, cancellation).ConfigureAwait(false);
        return IperfResult.Parse(result.Output.Length > 0 ? result.Output : result.Errors);
    }
}
