using System.CommandLine;
using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Profile;

namespace Vpr.Perf.Lab.Commands;

/// <summary><c>vpr-bench profile</c>: where the time of both ends goes during one transfer, as a flame graph.</summary>
internal static class ProfileCommand
{
    private static readonly TimeSpan s_scriptLimit = TimeSpan.FromMinutes(3);

    /// <summary>Builds it.</summary>
    public static Command Create()
    {
        var peer = new Option<string>("--peer") { Description = "Whom to look at", DefaultValueFactory = _ => PeerCatalog.Vpr };
        Option<int> seconds = RunOptions.Positive("--seconds", "How long", 5);
        Option<int> flows = RunOptions.Positive("--flows", "TCP connections at once", 1);
        Option<int> frequency = RunOptions.Positive("--frequency", "Samples a second and core", 1999);
        var down = new Option<bool>("--down") { Description = "The server sends" };
        var binaries = new Option<DirectoryInfo>("--bin")
        {
            Description = "Where vpr-server and vpr-client are; by default those that build/publish.sh made, with their symbols",
        };
        var output = new Option<FileInfo>("--output") { Description = "The SVG to write", DefaultValueFactory = _ => new FileInfo("flame.svg") };
        var command = new Command("profile", "A flame graph of both ends during a transfer, by perf") { peer, seconds, flows, frequency, down, binaries, output };
        command.SetAction((parsed, cancellation) =>
        {
            VprBinaries vpr = parsed.GetValue(binaries) is { } directory ? VprBinaries.In(directory.FullName) : VprBinaries.WithSymbols();
            var load = new TcpScenario(parsed.GetValue(down) ? Direction.Down : Direction.Up, parsed.GetValue(flows), LoadedLatencyScenario.CongestionControl);
            return RunAsync(PeerCatalog.Find(parsed.GetRequiredValue(peer), vpr), load, parsed.GetValue(seconds), parsed.GetValue(frequency), parsed.GetRequiredValue(output), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Peer peer, TcpScenario load, int seconds, int frequency, FileInfo output, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess) throw new BenchException("Network namespaces need root: run it with sudo.");
        if (Peer.FindProgram("perf") is not { } perf) throw new BenchException("perf is not installed: install your system's package of it (Debian: linux-perf).");
        if (peer.Missing is { } missing) throw new BenchException($"{peer.Name} cannot run here: {missing}");
        LabNetwork network = await LabNetwork.CreateAsync(NetworkKind.Veth, null, cancellation).ConfigureAwait(false);
        await using (network.ConfigureAwait(false))
        {
            using RunningPeer tunnel = await peer.StartAsync(network, cancellation).ConfigureAwait(false);
            if (tunnel.Pids.Count == 0) throw new BenchException($"{peer.Name} has no process to look at.");
            using Iperf iperf = await Iperf.StartAsync(network, tunnel.Target, cancellation).ConfigureAwait(false);
            string data = Path.Combine(network.Directory, "perf.data");
            using ChildProcess record = ChildProcess.Start([perf, "record", "--quiet", "--call-graph", "fp", "--freq", $"{frequency}", "--output", data,
                "--pid", string.Join(',', tunnel.Pids), "--", "sleep", $"{seconds}"]);
            IperfResult result = await iperf.RunAsync(load, seconds, cancellation).ConfigureAwait(false);
            if (await record.WaitForExitAsync(s_scriptLimit, cancellation).ConfigureAwait(false) is not 0) throw new BenchException($"perf record failed: {record.Errors.Trim()}");
            string script = await ChildProcess.CheckAsync([perf, "script", "--input", data, "--fields", "comm,pid,ip,sym"], s_scriptLimit, cancellation).ConfigureAwait(false);
            StackTree tree = StackTree.Parse(script, pid => pid == tunnel.ClientEnd?.Id ? "client end" : pid == tunnel.ServerEnd?.Id ? "server end" : null);
            string title = $"{peer.Name}, {load.Title}, {result.BitsPerSecond / 1e9:F2} Gbit/s";
            await File.WriteAllTextAsync(output.FullName, FlameGraph.Draw(tree, title), cancellation).ConfigureAwait(false);
            Console.WriteLine($"{output.FullName}: {tree.Samples} samples of {title}");
            return 0;
        }
    }
}
