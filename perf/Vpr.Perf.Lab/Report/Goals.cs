using System.Globalization;
using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Report;

/// <summary>What VPR has set out to reach, judged by a run.</summary>
internal static class Goals
{
    private const string WireGuard = WireGuardGoPeer.PeerName;
    private const double LatencyRise = 5;

    private static readonly string OffloadedNull = NullTunnel.PeerName(NullTunnelMode.Offloaded);

    private static readonly RatioGoal[] s_ratios =
    [
        new(PeerCatalog.VprWithoutInner, WireGuard, "tcp-", Metric.Throughput, 2.2, AtLeast: true),
        new(PeerCatalog.Vpr, WireGuard, "tcp-", Metric.Throughput, 1.9, AtLeast: true),
        new(PeerCatalog.VprWithoutInner, WireGuard, "tcp-", Metric.TunnelCpu, 0.42, AtLeast: false),
        new(PeerCatalog.Vpr, WireGuard, "tcp-", Metric.TunnelCpu, 0.5, AtLeast: false),
        new(PeerCatalog.VprWithoutInner, WireGuard, "udp-64", Metric.PacketRate, 2.5, AtLeast: true),
        new(PeerCatalog.Vpr, WireGuard, "udp-64", Metric.PacketRate, 2.5, AtLeast: true),
        new(PeerCatalog.VprWithoutInner, WireGuard, "latency-idle", Metric.P50, 1, AtLeast: false),
        new(PeerCatalog.VprWithoutInner, WireGuard, "latency-idle", Metric.P99, 1, AtLeast: false),
        new(PeerCatalog.Vpr, WireGuard, "latency-idle", Metric.P50, 1, AtLeast: false),
        new(PeerCatalog.Vpr, WireGuard, "latency-idle", Metric.P99, 1, AtLeast: false),
        new(PeerCatalog.VprWithoutInner, OffloadedNull, "tcp-", Metric.Throughput, 0.55, AtLeast: true),
        new(PeerCatalog.Vpr, OffloadedNull, "tcp-", Metric.Throughput, 0.55, AtLeast: true),
    ];

    private static readonly LimitGoal[] s_limits =
    [
        new(new FootprintScenario(), Metric.ServerIdleMemory, 35),
        new(new FootprintScenario(), Metric.ClientIdleMemory, 20),
        new(new FootprintScenario(), Metric.ServerPeakMemory, 70),
        new(new FootprintScenario(), Metric.ClientPeakMemory, 40),
        new(new FootprintScenario(), Metric.ClientStart, 150),
        new(new FootprintScenario(), Metric.ClientBinary, 12),
        new(new FootprintScenario(), Metric.ServerBinary, 18),
        new(new HandshakeScenario(), Metric.HandshakesPerCore, 700, AtLeast: true),
    ];

    /// <summary>Judges every goal for which the run has figures.</summary>
    /// <param name="summary">The figures.</param>
    /// <param name="networks">The networks measured.</param>
    /// <param name="scenarios">The scenarios measured.</param>
    /// <param name="hasBottleneck">Whether pings crossed a bottleneck: only then is their rise judged.</param>
    public static IEnumerable<GoalResult> Judge(Summary summary, IReadOnlyList<string> networks, IReadOnlyList<string> scenarios, bool hasBottleneck)
    {
        foreach (string network in networks)
        {
            foreach (RatioGoal goal in s_ratios)
            {
                if (goal.Judge(summary, network, scenarios) is { } result) yield return result;
            }

            foreach (LimitGoal goal in s_limits)
            {
                if (goal.Judge(summary, network) is { } result) yield return result;
            }

            if (!hasBottleneck) continue;
            foreach (string scenario in scenarios.Where(scenario => scenario.StartsWith("latency-", StringComparison.Ordinal) && scenario != "latency-idle"))
            {
                if (JudgeRise(summary, network, scenario) is { } result) yield return result;
            }
        }
    }

    private static GoalResult? JudgeRise(Summary summary, string network, string scenario)
    {
        double? idle = summary.Median(network, "latency-idle", Metric.P99, PeerCatalog.Vpr), loaded = summary.Median(network, scenario, Metric.P99, PeerCatalog.Vpr);
        return idle is null || loaded is null ? null : new GoalResult(
            $"vpr: {scenario} p99 rises by ≤ {Text(LatencyRise)} ms", network, $"{Text(loaded.Value - idle.Value)} ms",
            summary.CountingRounds(network, scenario, Metric.P99, PeerCatalog.Vpr), loaded - idle <= LatencyRise);
    }

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed record RatioGoal(string Peer, string Reference, string Scenarios, Metric Metric, double Factor, bool AtLeast)
    {
        public GoalResult? Judge(Summary summary, string network, IReadOnlyList<string> scenarios)
        {
            string[] mine = [.. scenarios.Where(scenario => scenario.StartsWith(Scenarios, StringComparison.Ordinal) && summary.Ratio(network, scenario, Metric, Peer, Reference) is not null)];
            double[] ratios = [.. mine
                .Select(scenario => summary.Ratio(network, scenario, Metric, Peer, Reference)).OfType<double>()];
            if (ratios.Length == 0) return null;
            string found = ratios.Length == 1 ? Text(ratios[0]) : $"{Text(ratios.Min())} to {Text(ratios.Max())}";
            // Every scenario has to reach it: the worst decides.
            return new GoalResult($"{Peer}: {Metric.Title}, {Scenarios.TrimEnd('-')}, {(AtLeast ? "≥" : "≤")} {Text(Factor)} × {Reference}",
                network, found + " ×", mine.Min(scenario => summary.PairedRounds(network, scenario, Metric, Peer, Reference)), AtLeast ? ratios.Min() >= Factor : ratios.Max() <= Factor);
        }
    }

    private sealed record LimitGoal(Scenario Scenario, Metric Metric, double Limit, bool AtLeast = false)
    {
        public GoalResult? Judge(Summary summary, string network) =>
            summary.Median(network, Scenario.Id, Metric, PeerCatalog.Vpr) is { } found
                ? new GoalResult($"{PeerCatalog.Vpr}: {Metric.Title} {(AtLeast ? "≥" : "≤")} {Text(Limit)} {Metric.Unit}", network, $"{Text(found)} {Metric.Unit}",
                    summary.CountingRounds(network, Scenario.Id, Metric, PeerCatalog.Vpr), AtLeast ? found >= Limit : found <= Limit)
                : null;
    }
}
