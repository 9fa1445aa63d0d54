using System.Text.Json;
using Vpr.Laboratory;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Report;

namespace Vpr.Perf.Lab.Tests;

/// <summary>The static binary, on this machine, for a few seconds.</summary>
public sealed class LaboratoryTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    // Nothing is judged here, so nothing is discarded either.
    private static readonly string[] s_anyMachine = ["--quiet-wait", "0", "--retries", "0", "--foreign-cpus", "1000", "--steal", "1"];

    [RootFact("iperf3", "ping", "ip")]
    public void A_round_measures_every_peer_and_leaves_nothing_behind()
    {
        string directory = Directory.CreateTempSubdirectory("vpr-bench-test-").FullName;
        try
        {
            string json = Path.Combine(directory, "report.json"), html = Path.Combine(directory, "report.html");
            string[] before = Namespaces();
            using var bench = new LabProcess([Repository.Binary("vpr-bench"), "lab", "--rounds", "1", "--seconds", "1", "--peers", "vpr,veth,null,null-offload",
                "--flows", "1", "--congestion", "cubic", "--json", json, "--html", html, .. s_anyMachine]);
            int code = bench.WaitForExit(s_limit);
            Assert.True(code == 0, bench.Output + bench.Errors);

            LabReport report = JsonSerializer.Deserialize(File.ReadAllText(json), ReportJson.Default.LabReport)!;
            Assert.DoesNotContain(report.Notes, note => note.StartsWith("failed", StringComparison.Ordinal));
            foreach (string peer in new[] { "vpr", "veth", "null", "null-offload" })
            {
                Assert.All(new[] { "tcp-up-1-cubic", "tcp-down-1-cubic" }, scenario => Assert.True(Value(report, peer, scenario, Metric.Throughput) > 0.01));
                Assert.True(Value(report, peer, "udp-64", Metric.PacketRate) > 0.1);
                Assert.InRange(Value(report, peer, "latency-idle", Metric.P50), 0.001, 100);
                Assert.Contains($">{peer}<", File.ReadAllText(html), StringComparison.Ordinal);
            }

            Assert.True(Value(report, "vpr", "tcp-up-1-cubic", Metric.TunnelCpu) > 0);
            Assert.True(Value(report, "vpr", "footprint", Metric.ServerIdleMemory) > 1);
            double handshakes = Value(report, "vpr", "handshakes", Metric.HandshakeRate), perCore = Value(report, "vpr", "handshakes", Metric.HandshakesPerCore);
            Assert.InRange(handshakes, 5, 20_000);
            Assert.InRange(perCore, handshakes / 2, 20_000); // one loop: it cannot use much more than a core
            Assert.InRange(Value(report, "vpr", "handshakes", Metric.P50), 0.5, 1000);
            Assert.DoesNotContain(report.Summary, row => row.Peer != "vpr" && row.Scenario == "handshakes");
            Assert.Empty(Namespaces().Except(before)); // what an earlier, killed run left goes at a start
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [RootFact("iperf3", "ping", "ip")]
    public void Every_offload_and_back_end_can_be_switched_off_and_is_compared_with_all_of_them()
    {
        string json = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var bench = new LabProcess([Repository.Binary("vpr-bench"), "lab", "--rounds", "1", "--seconds", "1", "--peers", "vpr", "--settings",
                "--measure", "tcp", "--flows", "1", "--congestion", "cubic", "--json", json, .. s_anyMachine]);
            int code = bench.WaitForExit(s_limit);
            Assert.True(code == 0, bench.Output + bench.Errors);
            LabReport report = JsonSerializer.Deserialize(File.ReadAllText(json), ReportJson.Default.LabReport)!;
            Assert.DoesNotContain(report.Notes, note => note.StartsWith("failed", StringComparison.Ordinal));
            foreach (string peer in PeerCatalog.ChangedSettings)
                Assert.Equal(2, report.SettingsChanged.Count(row => row.Peer == peer && row.Base == "vpr" && row.Metric == Metric.Throughput.Id && row.Ratio > 0));
        }
        finally
        {
            File.Delete(json);
        }
    }

    [RootFact("iperf3", "ping", "ip")]
    public void Ctrl_C_takes_everything_away()
    {
        string[] before = Namespaces();
        using var bench = new LabProcess([Repository.Binary("vpr-bench"), "lab", "--rounds", "1", "--seconds", "30", "--peers", "null", .. s_anyMachine]);
        (string[] made, string[] inside) = WaitUntilItMeasures(bench, before);

        int code = bench.Terminate(s_limit);
        Assert.True(code == 130, bench.Output + bench.Errors);
        Assert.Empty(Namespaces().Intersect(made));
        Assert.All(inside, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }

    [RootFact("iperf3", "ping", "ip")]
    public void What_a_killed_run_left_goes_when_the_next_starts()
    {
        string[] before = Namespaces();
        using var killed = new LabProcess([Repository.Binary("vpr-bench"), "lab", "--rounds", "1", "--seconds", "30", "--peers", "null", .. s_anyMachine]);
        (string[] made, string[] inside) = WaitUntilItMeasures(killed, before);
        killed.Kill();
        Assert.Equal(made, Namespaces().Intersect(made));

        using var next = new LabProcess([Repository.Binary("vpr-bench"), "lab", "--rounds", "1", "--seconds", "1", "--peers", "veth", "--measure", "latency", .. s_anyMachine]);
        int code = next.WaitForExit(s_limit);
        Assert.True(code == 0, next.Output + next.Errors);
        Assert.Empty(Namespaces().Intersect(made));
        Assert.True(SpinWait.SpinUntil(() => !inside.Any(IsRunning), s_limit), $"of {string.Join(' ', inside)} some run on");
    }

    [RootFact("iperf3", "ping", "ip")]
    public void What_was_measured_before_an_interruption_is_reported()
    {
        string json = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var bench = new LabProcess([Repository.Binary("vpr-bench"), "lab", "--rounds", "100", "--seconds", "1", "--peers", "veth", "--measure", "latency", "--json", json, .. s_anyMachine]);
            bench.WaitForOutput("Ping, idle: p50", s_limit);
            int code = bench.Terminate(s_limit);
            Assert.True(code == 130, bench.Output + bench.Errors);
            LabReport report = JsonSerializer.Deserialize(File.ReadAllText(json), ReportJson.Default.LabReport)!;
            Assert.NotEmpty(report.Samples);
            Assert.Contains("failed: the run was interrupted", report.Notes);
        }
        finally
        {
            File.Delete(json);
        }
    }

    private static (string[] Namespaces, string[] Pids) WaitUntilItMeasures(LabProcess bench, string[] before)
    {
        string[] made = [], inside = [];
        SpinWait.SpinUntil(() =>
        {
            made = [.. Namespaces().Except(before)];
            // Both ends of the tunnel and the load's server.
            inside = [.. made.SelectMany(Pids)];
            return inside.Length >= 3 || bench.HasExited;
        }, s_limit);
        Assert.True(inside.Length >= 3, bench.Output + bench.Errors);
        return (made, inside);
    }

    // Whoever takes over a killed run's processes may leave their entries.
    private static bool IsRunning(string pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')')..].Split(' ')[1] != "Z";
        }
        catch (IOException)
        {
            return false; // it is gone, entry and all
        }
    }

    private static double Value(LabReport report, string peer, string scenario, Metric metric) =>
        Assert.Single(report.Summary, row => row.Peer == peer && row.Scenario == scenario && row.Metric == metric.Id).Median;

    private static string[] Pids(string networkNamespace)
    {
        using var list = new LabProcess(["ip", "netns", "pids", Path.GetFileName(networkNamespace)]);
        list.WaitForExit(s_limit);
        return list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] Namespaces() => Directory.Exists("/run/netns")
        ? [.. Directory.GetFiles("/run/netns", "vprbench*").Order()]
        : [];
}
