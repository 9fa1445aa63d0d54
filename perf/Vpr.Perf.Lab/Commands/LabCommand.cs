using System.CommandLine;
using System.Globalization;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Runs;

namespace Vpr.Perf.Lab.Commands;

/// <summary><c>vpr-bench lab</c>: all peers, interleaved, between two hosts.</summary>
internal static class LabCommand
{
    private const string CongestionControlFile = "/proc/sys/net/ipv4/tcp_available_congestion_control";

    private static readonly string[] s_measures = ["latency", "tcp", "udp", "loaded", "syscalls", "footprint", "handshakes"];

    /// <summary>Builds it.</summary>
    public static Command Create()
    {
        var command = new Command("lab", "Throughput, CPU time, small packets, latency, footprint and handshakes of all peers, interleaved round by round");
        var run = new RunOptions(PeerCatalog.DefaultNames);
        run.AddTo(command);
        Option<string[]> networks = RunOptions.List("--network", "The link between the ends: veth, nic-like (segmentation in software) or bare (packet by packet)", ["veth"]);
        var nicLike = new Option<bool>("--nic-like") { Description = "Measure on nic-like besides" };
        var settings = new Option<bool>("--settings") { Description = $"Measure besides, each offload and back-end switched off in turn: {string.Join(", ", PeerCatalog.ChangedSettings)}" };
        Option<string[]> flows = RunOptions.List("--flows", "TCP connections at once, a list", ["1", "8"]);
        Option<string[]> congestion = RunOptions.List("--congestion", "Inner TCP's congestion control, a list; what the kernel lacks is left out", ["cubic", "bbr"]);
        Option<string[]> measures = RunOptions.List("--measure", $"What to measure: {string.Join(',', s_measures)}", s_measures);
        foreach (Option option in new Option[] { networks, nicLike, settings, flows, congestion, measures }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => ReportingRun.RunAsync("lab", new LabOptions
        {
            Rounds = parsed.GetValue(run.Rounds),
            Seconds = parsed.GetValue(run.Seconds),
            Peers = run.GetPeers(parsed, parsed.GetValue(settings) ? PeerCatalog.ChangedSettings : []),
            Networks = RunOptions.ParseNetworks([.. parsed.GetRequiredValue(networks), .. parsed.GetValue(nicLike) ? ["nic-like"] : Array.Empty<string>()]),
            Scenarios = [.. Scenarios(parsed.GetRequiredValue(measures), ParseFlows(parsed.GetRequiredValue(flows)), Available(parsed.GetRequiredValue(congestion)))],
            Limits = run.GetLimits(parsed),
            PingRate = parsed.GetValue(run.PingRate),
            Json = parsed.GetValue(run.Json),
            Html = parsed.GetValue(run.Html),
        }, cancellation));
        return command;
    }

    /// <summary>What is measured, in order.</summary>
    /// <exception cref="BenchException">A measure is unknown.</exception>
    internal static IEnumerable<Scenario> Scenarios(IReadOnlyList<string> measures, IReadOnlyList<int> flows, IReadOnlyList<string> congestion)
    {
        if (measures.FirstOrDefault(measure => !s_measures.Contains(measure)) is { } unknown)
            throw new BenchException($"There is no measure \"{unknown}\": choose from {string.Join(", ", s_measures)}.");
        if (measures.Contains("latency")) yield return new IdleLatencyScenario();
        if (measures.Contains("tcp"))
        {
            foreach (string control in congestion)
            {
                foreach (int count in flows)
                {
                    yield return new TcpScenario(Direction.Up, count, control);
                    yield return new TcpScenario(Direction.Down, count, control);
                }
            }
        }

        if (measures.Contains("udp")) yield return new SmallPacketScenario();
        if (measures.Contains("loaded")) yield return new LoadedLatencyScenario(Direction.Up, 8);
        if (measures.Contains("syscalls")) yield return new SystemCallScenario();
        // Memory after load is what the packets before it left; hundreds of handshakes are no tunnel's load.
        if (measures.Contains("footprint")) yield return new FootprintScenario();
        if (measures.Contains("handshakes")) yield return new HandshakeScenario();
    }

    private static string[] Available(string[] wanted)
    {
        string[] available = File.ReadAllText(CongestionControlFile).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string[] both = [.. wanted.Intersect(available)];
        return both.Length > 0 ? both : throw new BenchException($"The kernel has none of {string.Join(", ", wanted)}; it has {string.Join(", ", available)}.");
    }

    private static int[] ParseFlows(IEnumerable<string> texts) => [.. texts.Select(text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 128 ? count
            : throw new BenchException($"\"{text}\" is no number of flows from 1 to 128."))];
}
