using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Runs;

/// <summary>Rounds of all peers, one after the other in each round and in another order each time, so that what changes in the machine meets all of them.</summary>
internal sealed class LabRun(LabOptions options, TextWriter progress)
{
    private readonly List<Sample> _samples = [];
    private readonly List<string> _failures = [];
    private readonly long _start = Environment.TickCount64;
    private int _tunnelsDone;

    /// <summary>Every measurement, discarded ones too.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>What could not be measured, and why.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Measures.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await StaleNetworks.RemoveAsync(cancellation).ConfigureAwait(false);
        bool countsSystemCalls = await Load.SystemCalls.CanCountAsync(cancellation).ConfigureAwait(false);
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (NetworkKind network in options.Networks)
            {
                foreach (Peer peer in Rotate(options.Peers, round - 1))
                {
                    await MeasureAsync(peer, network, round, countsSystemCalls, cancellation).ConfigureAwait(false);
                    _tunnelsDone++;
                }
            }
        }
    }

    /// <summary>The peers from another one on each round.</summary>
    internal static IEnumerable<T> Rotate<T>(IReadOnlyList<T> items, int by) =>
        Enumerable.Range(0, items.Count).Select(i => items[(i + by) % items.Count]);

    private string Clock()
    {
        TimeSpan passed = TimeSpan.FromMilliseconds(Environment.TickCount64 - _start);
        int left = (options.Rounds * options.Networks.Count * options.Peers.Count) - _tunnelsDone;
        return _tunnelsDone == 0 ? $"{passed:h\\:mm\\:ss}" : $"{passed:h\\:mm\\:ss}, about {passed / _tunnelsDone * left:h\\:mm\\:ss} left";
    }

    private async Task MeasureAsync(Peer peer, NetworkKind kind, int round, bool countsSystemCalls, CancellationToken cancellation)
    {
        string where = $"round {round}/{options.Rounds}, {NetworkKindText.Format(kind)}, {peer.Name}";
        try
        {
            LabNetwork network = await LabNetwork.CreateAsync(kind, options.Bottleneck, cancellation).ConfigureAwait(false);
            await using (network.ConfigureAwait(false))
            {
                using RunningPeer tunnel = await peer.StartAsync(network, cancellation).ConfigureAwait(false);
                using var session = await PeerSession.StartAsync(options, network, tunnel, countsSystemCalls, cancellation).ConfigureAwait(false);
                foreach (Scenario scenario in options.Scenarios)
                {
                    try
                    {
                        Sample sample = await TakeAsync(session, scenario, peer, kind, round, cancellation).ConfigureAwait(false);
                        _samples.Add(sample);
                        progress.WriteLine($"[{Clock()}] {where}: {scenario.Title}: {Describe(sample)}");
                    }
                    catch (BenchException failure)
                    {
                        // What can still be measured is; without its ends nothing can.
                        Fail($"{where}: {scenario.Title}: {failure.Message}");
                        if (tunnel.HasEnded) break;
                    }
                }
            }
        }
        catch (BenchException failure)
        {
            // One peer that fails must not take the others' rounds away; the report names it.
            Fail($"{where}: {failure.Message}");
        }
    }

    private void Fail(string message)
    {
        _failures.Add(message);
        progress.WriteLine($"[{Clock()}] {message}");
    }

    private async Task<Sample> TakeAsync(PeerSession session, Scenario scenario, Peer peer, NetworkKind kind, int round, CancellationToken cancellation)
    {
        for (int attempt = 0; ; attempt++)
        {
            if (options.Limits.QuietWait > TimeSpan.Zero)
                await DisturbanceMeter.WaitForQuietAsync(options.Limits, cancellation).ConfigureAwait(false);
            var meter = new DisturbanceMeter();
            Reading reading = await session.MeasureAsync(scenario, cancellation).ConfigureAwait(false);
            Disturbance disturbance = meter.Read();
            bool disturbed = disturbance.Exceeds(options.Limits);
            if (disturbed && attempt < options.Limits.Retries) continue;
            return new Sample
            {
                Round = round,
                Peer = peer.Name,
                Network = NetworkKindText.Format(kind),
                Scenario = scenario.Id,
                Values = reading.Values,
                Series = reading.Series,
                Latency = reading.Latency,
                Disturbance = disturbance,
                Discarded = disturbed,
            };
        }
    }

    private static string Describe(Sample sample)
    {
        IEnumerable<string> values = Metric.All.Where(metric => sample.Values.ContainsKey(metric.Id))
            .Select(metric => $"{metric.Title} {metric.Format(sample.Values[metric.Id])} {metric.Unit}".TrimEnd());
        return string.Join(", ", values.Take(4)) + (sample.Discarded
            ? $" (discarded: {sample.Disturbance.ForeignCpus:F2} CPUs of other programs, {sample.Disturbance.StealShare:P0} stolen)"
            : "");
    }
}
