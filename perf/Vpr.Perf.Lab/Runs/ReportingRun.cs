using System.Text.Json;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Report;

namespace Vpr.Perf.Lab.Runs;

/// <summary>A run from the check of the machine to the written report.</summary>
internal static class ReportingRun
{
    /// <summary>Measures and reports.</summary>
    /// <returns>The exit code: that of an interruption, after what was measured until then is reported; a failure when nothing could be measured, and another when a comparison found a regression.</returns>
    /// <exception cref="BenchException">The machine lacks what every measurement needs.</exception>
    public static async Task<int> RunAsync(string command, LabOptions options, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess) throw new BenchException("Network namespaces need root: run it with sudo.");
        PeerDescription[] peers = await DescribeAsync(options.Peers, cancellation).ConfigureAwait(false);
        LabOptions present = options with { Peers = [.. options.Peers.Where(peer => peer.Missing is null)] };
        foreach (PeerDescription peer in peers.Where(peer => peer.Missing is not null)) Console.Error.WriteLine($"without {peer.Name}: {peer.Missing}");
        if (present.Peers.Count == 0) throw new BenchException("None of the peers can run here.");

        DateTimeOffset started = DateTimeOffset.UtcNow;
        var run = new LabRun(present, Console.Error);
        bool interrupted = false;
        try
        {
            await run.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (run.Samples.Count > 0)
        {
            // An hour's rounds are not thrown away because the last was not waited for.
            interrupted = true;
        }

        LabReport report = ReportBuilder.Build(command, present, started, DateTimeOffset.UtcNow, peers, run.Samples, interrupted ? [.. run.Failures, "the run was interrupted"] : run.Failures);
        Console.Write(TerminalTable.Format(report));
        if (options.Json is { } json) await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(report, ReportJson.Default.LabReport), CancellationToken.None).ConfigureAwait(false);
        if (options.Html is { } html) await File.WriteAllTextAsync(html.FullName, HtmlReport.Format(report), CancellationToken.None).ConfigureAwait(false);
        if (interrupted) return BenchException.InterruptedCode;
        if (run.Samples.Count == 0) return BenchException.FailureCode;
        return options.Margin is not null && report.Goals.Any(goal => !goal.Met) ? BenchException.RegressionCode : 0;
    }

    private static async Task<PeerDescription[]> DescribeAsync(IReadOnlyList<Peer> peers, CancellationToken cancellation)
    {
        var descriptions = new PeerDescription[peers.Count];
        for (int i = 0; i < peers.Count; i++)
        {
            string? missing = peers[i].Missing;
            descriptions[i] = new PeerDescription(peers[i].Name, peers[i].Description,
                missing is null ? await peers[i].VersionAsync(cancellation).ConfigureAwait(false) : null, missing);
        }

        return descriptions;
    }
}
