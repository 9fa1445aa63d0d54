using System.Globalization;
using System.Text;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Report.Plots;

namespace Vpr.Perf.Lab.Report;

/// <summary>A report as one HTML file that needs nothing else: goals, plots, and every median.</summary>
internal static class HtmlReport
{
    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff; max-width: 900px; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.6em; margin-bottom: 0; } h2 { margin-top: 2em; border-bottom: 1px solid #ddd; } h3 { margin: 1.4em 0 .3em; font-size: 1.05em; }
        table { border-collapse: collapse; font-size: .86em; } td, th { padding: .2em .6em; text-align: right; border-bottom: 1px solid #eee; font-variant-numeric: tabular-nums; }
        td:first-child, th:first-child, td.text, th.text { text-align: left; } td.ratio { color: #777; }
        .met { color: #007a4d; } .missed { color: #b3261e; } .quiet { color: #666; } .scroll { overflow-x: auto; }
        svg { width: 100%; height: auto; font: 11.5px system-ui, sans-serif; } .grid { stroke: #e6e6e6; } .axis { fill: #666; } .group { font-weight: 600; fill: #222; }
        .name { fill: #333; } .value { fill: #333; } .whisker { stroke: #222; stroke-width: 1.2; opacity: .6; }
        """;

    /// <summary>Formats a report.</summary>
    public static string Format(LabReport report)
    {
        var html = new StringBuilder();
        html.AppendLine("<!DOCTYPE html>").AppendLine("<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        html.AppendLine(CultureInfo.InvariantCulture, $"<title>vpr-bench {report.Settings.Command}</title><style>{Style}</style></head><body>");
        AppendHead(html, report);
        AppendGoals(html, report);
        var palette = new Palette([.. report.Peers.Select(peer => peer.Name)]);
        foreach (string network in report.Settings.Networks)
        {
            html.AppendLine(CultureInfo.InvariantCulture, $"<h2>{Text.Escape(network)}</h2>");
            SummaryRow[] rows = [.. report.Summary.Where(row => row.Network == network)];
            AppendBars(html, report, rows, Metric.Throughput, "Throughput (median, whiskers lowest to highest round)", palette);
            AppendBars(html, report, rows, Metric.TunnelCpu, "CPU time of both tunnel ends for each GB; less is better", palette);
            AppendBars(html, report, rows, Metric.PacketRate, "Small packets with at most 0.1 % loss", palette);
            AppendBars(html, report, rows, Metric.HandshakesPerCore, "Tunnels opened for each second of the server's CPU time", palette);
            foreach (ScenarioDescription scenario in report.Scenarios) AppendLatency(html, report, network, scenario, palette);
            foreach (ScenarioDescription scenario in report.Scenarios) AppendSeries(html, report, network, scenario, palette);
            SettingTable.Append(html, report, network);
            MedianTable.Append(html, report, rows);
        }

        AppendNotes(html, report);
        return html.AppendLine("</body></html>").ToString();
    }

    private static void AppendHead(StringBuilder html, LabReport report)
    {
        RunSettings settings = report.Settings;
        string bottleneck = settings.BottleneckMegabits is { } rate
            ? $", through a bottleneck of {rate} Mbit/s that queues {Text.Number(settings.BottleneckBufferMilliseconds ?? 0)} ms itself" : "";
        html.AppendLine(CultureInfo.InvariantCulture, $"<h1>vpr-bench {Text.Escape(settings.Command)}</h1>");
        html.AppendLine(CultureInfo.InvariantCulture, $"<p class=\"quiet\">{report.Started:yyyy-MM-dd HH:mm} to {report.Ended:HH:mm} UTC. {report.Machine.Cores} cores, {Text.Escape(report.Machine.Processor)}, {report.Machine.MemoryMegabytes / 1000} GB, Linux {Text.Escape(report.Machine.Kernel)}.<br>");
        html.AppendLine(CultureInfo.InvariantCulture, $"{settings.Rounds} rounds of all peers in turn, {settings.Seconds} s each, {settings.PingsPerSecond} pings a second{bottleneck}. Both ends and the load share this machine: ratios of the same round count, absolute figures are this machine's.</p>");
        html.AppendLine("<table><tr><th>Peer</th><th class=\"text\">What it is</th><th class=\"text\">Version</th></tr>");
        foreach (PeerDescription peer in report.Peers)
            html.AppendLine(CultureInfo.InvariantCulture, $"<tr><td>{Text.Escape(peer.Name)}</td><td class=\"text\">{Text.Escape(peer.Description)}</td><td class=\"text\">{Text.Escape(peer.Missing is null ? peer.Version ?? "" : "not measured: " + peer.Missing)}</td></tr>");
        html.AppendLine("</table>");
    }

    private static void AppendGoals(StringBuilder html, LabReport report)
    {
        if (report.Goals.Count == 0) return;
        html.AppendLine("<h2>Goals</h2><table><tr><th>Goal</th><th class=\"text\">Network</th><th>Found</th><th>Rounds</th><th></th></tr>");
        foreach (GoalResult goal in report.Goals)
        {
            string verdict = goal.Met ? "met" : "missed";
            html.AppendLine(CultureInfo.InvariantCulture, $"<tr><td>{Text.Escape(goal.Goal)}</td><td class=\"text\">{Text.Escape(goal.Network)}</td><td>{Text.Escape(goal.Found)}</td><td>{goal.Rounds}</td><td class=\"{verdict}\">{verdict}</td></tr>");
        }

        html.AppendLine("</table>");
    }

    private static void AppendBars(StringBuilder html, LabReport report, SummaryRow[] rows, Metric metric, string title, Palette palette)
    {
        var groups = new List<(string, IReadOnlyList<Bar>)>();
        foreach (ScenarioDescription scenario in report.Scenarios)
        {
            Bar[] bars = [.. rows.Where(row => row.Scenario == scenario.Id && row.Metric == metric.Id)
                .Select(row => new Bar(row.Peer, row.Median, row.Lowest, row.Highest, metric.Format(row.Median) + RatioText(row), row.Peer == VethPeer.PeerName))];
            if (bars.Length > 0) groups.Add((scenario.Title, bars));
        }

        if (groups.Count == 0) return;
        html.AppendLine(CultureInfo.InvariantCulture, $"<h3>{Text.Escape(title)}</h3>");
        html.Append(BarChart.Draw(groups, metric.Unit, palette));
    }

    private static string RatioText(SummaryRow row) =>
        row.RatioToReference is { } ratio ? string.Create(CultureInfo.InvariantCulture, $" ({ratio:0.00} ×)") : "";

    private static void AppendLatency(StringBuilder html, LabReport report, string network, ScenarioDescription scenario, Palette palette)
    {
        var lines = new List<Line>();
        foreach (PeerDescription peer in report.Peers)
        {
            var all = new LogHistogram();
            foreach (Sample sample in Counting(report, network, scenario, peer))
            {
                foreach (LatencyBucket bucket in sample.Latency ?? []) all.Record(bucket.UpToNanoseconds, bucket.Count);
            }

            if (all.Count > 0) lines.Add(new Line(peer.Name, PercentilePoints(all)));
        }

        if (lines.Count == 0) return;
        html.AppendLine(CultureInfo.InvariantCulture, $"<h3>{Text.Escape(scenario.Title)}: round trip by percentile, all rounds together</h3>");
        double[] values = [.. lines.SelectMany(line => line.Points).Select(point => point.Y)];
        html.Append(LineChart.Draw(lines, new NinesScale(), new LogScale(values.Min(), values.Max()), "share of pings that are at least as fast", "ms", palette));
    }

    private static (double, double)[] PercentilePoints(LogHistogram histogram)
    {
        var points = new List<(double, double)>();
        long seen = 0;
        foreach ((long upper, long count) in histogram.Buckets())
        {
            double from = 100.0 * seen / histogram.Count;
            seen += count;
            double milliseconds = Math.Max(upper, 1) / 1e6;
            points.Add((from, milliseconds));
            points.Add((100.0 * seen / histogram.Count, milliseconds));
        }

        return [.. points];
    }

    private static void AppendSeries(StringBuilder html, LabReport report, string network, ScenarioDescription scenario, Palette palette)
    {
        var lines = new List<Line>();
        foreach (PeerDescription peer in report.Peers)
        {
            IReadOnlyList<double>[] series = [.. Counting(report, network, scenario, peer).Select(sample => sample.Series).OfType<IReadOnlyList<double>>()];
            int seconds = series.Length == 0 ? 0 : series.Min(one => one.Count);
            if (seconds >= 2)
                lines.Add(new Line(peer.Name, [.. Enumerable.Range(0, seconds).Select(second => (second + 1.0, Statistics.Median(series.Select(one => one[second]))!.Value))]));
        }

        if (lines.Count == 0) return;
        html.AppendLine(CultureInfo.InvariantCulture, $"<h3>{Text.Escape(scenario.Title)}: throughput second by second, median of the rounds</h3>");
        (double X, double Y)[] points = [.. lines.SelectMany(line => line.Points)];
        html.Append(LineChart.Draw(lines, new LinearScale(points.Max(point => point.X)), new LinearScale(points.Max(point => point.Y)), "s", "Gbit/s", palette));
    }

    private static IEnumerable<Sample> Counting(LabReport report, string network, ScenarioDescription scenario, PeerDescription peer) =>
        report.Samples.Where(sample => !sample.Discarded && sample.Network == network && sample.Scenario == scenario.Id && sample.Peer == peer.Name);

    private static void AppendNotes(StringBuilder html, LabReport report)
    {
        html.AppendLine("<h2>Notes</h2><ul>");
        foreach (string note in report.Notes) html.AppendLine(CultureInfo.InvariantCulture, $"<li>{Text.Escape(note)}</li>");
        html.AppendLine(CultureInfo.InvariantCulture, $"<li>A measurement is discarded above {Text.Number(report.Settings.ForeignCpuLimit)} cores of other programs or {Text.Number(report.Settings.StealLimit * 100)} % stolen time.</li>");
        html.AppendLine(CultureInfo.InvariantCulture, $"<li>Ratios (×) are to {Text.Escape(report.Settings.Reference)}: the median over rounds of the two values of one round.</li></ul>");
    }
}
