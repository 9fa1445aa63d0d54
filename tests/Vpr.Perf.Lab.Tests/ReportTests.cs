using System.Text.Json;
using System.Xml.Linq;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Report;
using Vpr.Perf.Lab.Runs;

namespace Vpr.Perf.Lab.Tests;

public sealed class ReportTests
{
    private static readonly LabReport s_report = ReportBuilder.Build(
        "lab",
        new LabOptions
        {
            Rounds = 2,
            Seconds = 3,
            Peers = [],
            Networks = [NetworkKind.Veth],
            Scenarios = [new IdleLatencyScenario(), new TcpScenario(Direction.Up, 1, "cubic"), new HandshakeScenario()],
            Limits = new DisturbanceLimits(0.06, 0.02, 0, TimeSpan.Zero),
            PingRate = 200,
        },
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(5),
        [new("vpr", "ours", null, null), new("wireguard-go", "the peer <to beat>", "v1", null), new("openvpn", "another", null, "openvpn is not on PATH")],
        [
            Samples.Tcp(1, "vpr", 2.125), Samples.Tcp(1, "wireguard-go", 1.0), Samples.Tcp(2, "vpr", 2.375), Samples.Tcp(2, "wireguard-go", 1.0),
            Samples.Tcp(2, "vpr", 77.777) with { Round = 3, Discarded = true },
            Samples.Ping(1, "vpr", 0.321), Samples.Ping(1, "wireguard-go", 0.444),
            Samples.Handshakes(1, "vpr", 1234), Samples.Handshakes(1, "wireguard-go", null),
        ],
        ["round 2/2, veth, vpr: it broke"]);

    [Fact]
    public void The_terminal_table_holds_medians_ratios_goals_and_notes()
    {
        string text = TerminalTable.Format(s_report);
        Assert.Contains("2.250 (2.25×)", text, StringComparison.Ordinal);
        Assert.Contains("0.321 (0.72×)", text, StringComparison.Ordinal);
        Assert.Matches("met +vpr: Throughput, tcp, ≥ 1.9 × wireguard-go +veth: 2.25 ×, 2 rounds", text);
        Assert.Contains("openvpn was not measured: openvpn is not on PATH", text, StringComparison.Ordinal);
        Assert.Contains("failed: round 2/2, veth, vpr: it broke", text, StringComparison.Ordinal);
        Assert.Matches(@"Opened per s of the server's CPU +1234 +–", text);
        Assert.Matches("met +vpr: Opened ≥ 700 per s of the server's CPU +veth: 1234 per s of the server's CPU, 1 round", text);
        Assert.Contains("1 of 9 measurements discarded as disturbed, in 1 rounds", text, StringComparison.Ordinal);
        Assert.DoesNotContain("77.777", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_HTML_holds_the_numbers_and_sound_plots_and_asks_nobody_for_anything()
    {
        string html = HtmlReport.Format(s_report);
        Assert.Contains("2.250 (2.25 ×)", html, StringComparison.Ordinal);
        Assert.Contains(">0.321<", html, StringComparison.Ordinal);
        Assert.Contains("the peer &lt;to beat&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("77.777", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);

        XElement[] plots = [.. Svgs(html).Select(XElement.Parse)];
        Assert.Equal(5, plots.Length); // throughput, CPU, handshakes, percentiles, time series
        Assert.All(plots, plot => Assert.All(plot.Descendants("rect"), bar => Assert.InRange(double.Parse(bar.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture), 0.5, 860)));
        double[] bars = [.. plots[0].Elements("rect").Select(bar => double.Parse(bar.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(2.25, bars[0] / bars[1], 1);
    }

    [Fact]
    public void The_JSON_holds_every_sample_and_comes_back_the_same()
    {
        string json = JsonSerializer.Serialize(s_report, ReportJson.Default.LabReport);
        LabReport back = JsonSerializer.Deserialize(json, ReportJson.Default.LabReport)!;
        Assert.Equal(9, back.Samples.Count);
        Assert.Equal(77.777, Assert.Single(back.Samples, sample => sample.Discarded).Values[Metric.Throughput.Id]);
        Assert.Equal(s_report.Summary, back.Summary);
        Assert.Equal(s_report.Goals, back.Goals);
    }

    private static IEnumerable<string> Svgs(string html)
    {
        for (int start = html.IndexOf("<svg", StringComparison.Ordinal); start >= 0;)
        {
            int end = html.IndexOf("</svg>", start, StringComparison.Ordinal) + "</svg>".Length;
            yield return html[start..end];
            start = html.IndexOf("<svg", end, StringComparison.Ordinal);
        }
    }
}
