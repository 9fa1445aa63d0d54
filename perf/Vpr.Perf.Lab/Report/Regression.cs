using System.Globalization;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Report;

/// <summary>Whether VPR is as good as an earlier build of it, up to a margin for noise.</summary>
internal static class Regression
{
    private static readonly (Metric Metric, bool MoreIsBetter)[] s_metrics =
    [
        (Metric.Throughput, true), (Metric.TunnelCpu, false), (Metric.PacketRate, true), (Metric.P50, false),
    ];

    /// <summary>Judges every figure that both have.</summary>
    /// <param name="summary">The figures.</param>
    /// <param name="networks">The networks measured.</param>
    /// <param name="scenarios">The scenarios measured.</param>
    /// <param name="reference">The earlier build's name.</param>
    /// <param name="margin">By how much a figure may be worse: at 1, half of what is to be high and twice of what is to be low.</param>
    public static IEnumerable<GoalResult> Judge(Summary summary, IReadOnlyList<string> networks, IReadOnlyList<string> scenarios, string reference, double margin)
    {
        foreach (string network in networks)
        {
            foreach (string scenario in scenarios)
            {
                foreach ((Metric metric, bool moreIsBetter) in s_metrics)
                {
                    if (summary.Ratio(network, scenario, metric, PeerCatalog.Vpr, reference) is not { } ratio) continue;
                    double limit = moreIsBetter ? 1 / (1 + margin) : 1 + margin;
                    yield return new GoalResult(
                        string.Create(CultureInfo.InvariantCulture, $"{metric.Title}, {scenario}, {(moreIsBetter ? "≥" : "≤")} {limit:0.##} × {reference}"),
                        network, string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} ×"),
                        summary.PairedRounds(network, scenario, metric, PeerCatalog.Vpr, reference), moreIsBetter ? ratio >= limit : ratio <= limit);
                }
            }
        }
    }
}
