using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Report;

/// <summary>Medians over the rounds that count, and ratios between peers of the same round.</summary>
internal sealed class Summary
{
    private static readonly Metric[] s_settingMetrics = [Metric.Throughput, Metric.TunnelCpu, Metric.PacketRate, Metric.P50, Metric.P99];

    private readonly Dictionary<(string Network, string Scenario, string Metric, string Peer), Dictionary<int, double>> _values = [];
    private readonly Dictionary<(string Network, string Scenario, string Peer), int> _discarded = [];

    private readonly string _reference;

    /// <summary>Sorts samples out; discarded ones are only counted.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="reference">The peer that <see cref="SummaryRow.RatioToReference"/> compares with.</param>
    public Summary(IEnumerable<Sample> samples, string reference)
    {
        _reference = reference;
        foreach (Sample sample in samples)
        {
            if (sample.Discarded)
            {
                var key = (sample.Network, sample.Scenario, sample.Peer);
                _discarded[key] = _discarded.GetValueOrDefault(key) + 1;
                continue;
            }

            foreach ((string metric, double value) in sample.Values)
            {
                var key = (sample.Network, sample.Scenario, metric, sample.Peer);
                if (!_values.TryGetValue(key, out Dictionary<int, double>? rounds)) _values[key] = rounds = [];
                rounds[sample.Round] = value;
            }
        }
    }

    /// <summary>A peer's median, or null when no round counts.</summary>
    public double? Median(string network, string scenario, Metric metric, string peer) => Statistics.Median(Rounds(network, scenario, metric, peer).Values);

    /// <summary>The median over rounds of a peer's value divided by another's, or null when no round has both.</summary>
    public double? Ratio(string network, string scenario, Metric metric, string peer, string reference) =>
        Statistics.PairedRatio(Rounds(network, scenario, metric, peer), Rounds(network, scenario, metric, reference));

    /// <summary>How many rounds have a value of both, and so stand behind a ratio.</summary>
    public int PairedRounds(string network, string scenario, Metric metric, string peer, string reference) =>
        Rounds(network, scenario, metric, peer).Keys.Intersect(Rounds(network, scenario, metric, reference).Keys).Count();

    /// <summary>How many rounds have a value.</summary>
    public int CountingRounds(string network, string scenario, Metric metric, string peer) => Rounds(network, scenario, metric, peer).Count;

    /// <summary>A row for everything that was measured, in the order given.</summary>
    public IEnumerable<SummaryRow> Rows(IEnumerable<string> networks, IEnumerable<string> scenarios, IEnumerable<string> peers)
    {
        foreach (string network in networks)
        {
            foreach (string scenario in scenarios)
            {
                foreach (Metric metric in Metric.All)
                {
                    foreach (string peer in peers)
                    {
                        if (Row(network, scenario, metric, peer) is { } row) yield return row;
                    }
                }
            }
        }
    }

    /// <summary>A row for every figure of a peer that is VPR with a setting changed, beside VPR without the change.</summary>
    public IEnumerable<SettingRow> SettingRows(IEnumerable<string> networks, IEnumerable<string> scenarios, IEnumerable<string> peers)
    {
        (string Peer, string Base)[] pairs = [.. peers.Select(peer => (peer, PeerCatalog.BaseOf(peer))).Where(pair => pair.Item2 is not null)!];
        foreach (string network in networks)
        {
            foreach (string scenario in scenarios)
            {
                foreach (Metric metric in s_settingMetrics)
                {
                    foreach ((string peer, string unchanged) in pairs)
                    {
                        if (Ratio(network, scenario, metric, peer, unchanged) is { } ratio) yield return new SettingRow(network, scenario, metric.Id, peer, unchanged, ratio);
                    }
                }
            }
        }
    }

    private SummaryRow? Row(string network, string scenario, Metric metric, string peer)
    {
        Dictionary<int, double> rounds = Rounds(network, scenario, metric, peer);
        return rounds.Count == 0 ? null : new SummaryRow(network, scenario, metric.Id, peer,
            Statistics.Median(rounds.Values)!.Value, rounds.Values.Min(), rounds.Values.Max(),
            rounds.Count, _discarded.GetValueOrDefault((network, scenario, peer)),
            peer == _reference ? null : Ratio(network, scenario, metric, peer, _reference));
    }

    private Dictionary<int, double> Rounds(string network, string scenario, Metric metric, string peer) =>
        _values.TryGetValue((network, scenario, metric.Id, peer), out Dictionary<int, double>? rounds) ? rounds : [];
}
