using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Runs;

namespace Vpr.Perf.Lab.Report;

/// <summary>Makes a report of what a run found.</summary>
internal static class ReportBuilder
{
    /// <summary>Puts it together.</summary>
    /// <param name="command">The subcommand.</param>
    /// <param name="options">How it was measured.</param>
    /// <param name="started">When the run began.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="peers">Who was measured, and who was asked for in vain.</param>
    /// <param name="samples">Every measurement.</param>
    /// <param name="failures">What failed.</param>
    public static LabReport Build(string command, LabOptions options, DateTimeOffset started, DateTimeOffset ended,
        IReadOnlyList<PeerDescription> peers, IReadOnlyList<Sample> samples, IReadOnlyList<string> failures)
    {
        var summary = new Summary(samples, options.Reference);
        string[] networks = [.. options.Networks.Select(NetworkKindText.Format)], scenarios = [.. options.Scenarios.Select(scenario => scenario.Id)];
        return new LabReport
        {
            Started = started,
            Ended = ended,
            Machine = MachineReader.Read(),
            Settings = new RunSettings(command, options.Rounds, options.Seconds, options.PingRate, networks, options.Reference, options.Limits.ForeignCpus, options.Limits.StealShare,
                options.Bottleneck?.MegabitsPerSecond, options.Bottleneck?.BufferMilliseconds),
            Peers = peers,
            Scenarios = [.. options.Scenarios.Select(scenario => new ScenarioDescription(scenario.Id, scenario.Title))],
            Samples = samples,
            Summary = [.. summary.Rows(networks, scenarios, peers.Select(peer => peer.Name))],
            SettingsChanged = [.. summary.SettingRows(networks, scenarios, peers.Select(peer => peer.Name))],
            Goals =
            [
                .. options.Margin is { } margin
                    ? Regression.Judge(summary, networks, scenarios, options.Reference, margin)
                    : Goals.Judge(summary, networks, scenarios, options.Bottleneck is not null),
            ],
            Notes = [.. Notes(peers, samples, failures, scenarios)],
        };
    }

    private static IEnumerable<string> Notes(IReadOnlyList<PeerDescription> peers, IReadOnlyList<Sample> samples, IReadOnlyList<string> failures, string[] scenarios)
    {
        foreach (PeerDescription peer in peers.Where(peer => peer.Missing is not null)) yield return $"{peer.Name} was not measured: {peer.Missing}";
        foreach (string failure in failures) yield return $"failed: {failure}";
        int discarded = samples.Count(sample => sample.Discarded);
        yield return $"{discarded} of {samples.Count} measurements discarded as disturbed, in {samples.Where(sample => sample.Discarded).Select(sample => sample.Round).Distinct().Count()} rounds";
        if (scenarios.Contains(new SystemCallScenario().Id) && !samples.Any(sample => sample.Values.ContainsKey(Metric.SystemCalls.Id)))
            yield return "system calls were not measured: perf is missing or may not count them";
        string[] limited = [.. samples.Where(sample => sample.Values.GetValueOrDefault(Metric.SenderLimited.Id) > 0).Select(sample => sample.Peer).Distinct()];
        if (limited.Length > 0) yield return $"the packet rate of {string.Join(", ", limited)} is what the sender reached; the path may carry more";
        if (scenarios.Contains(new HandshakeScenario().Id))
            yield return "handshakes: the generator is an engine's client and shares the cores, so the server's own CPU time tells what it could do; no other peer can be asked for one after the other";
        yield return "CPU of both ends is their processes' own time; softirqs that work for a tunnel are charged to no process and show in the machine's figure";
    }
}
