using System.Globalization;
using System.Text;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Report.Plots;

namespace Vpr.Perf.Lab.Report;

/// <summary>The HTML table of every median of one network.</summary>
internal static class MedianTable
{
    /// <summary>Appends it.</summary>
    public static void Append(StringBuilder html, LabReport report, IReadOnlyList<SummaryRow> rows)
    {
        string[] peers = [.. report.Peers.Select(peer => peer.Name).Where(peer => rows.Any(row => row.Peer == peer))];
        html.AppendLine("<h3>All medians</h3><div class=\"scroll\"><table><tr><th></th><th class=\"text\"></th>");
        foreach (string peer in peers) html.AppendLine(CultureInfo.InvariantCulture, $"<th>{Text.Escape(peer)}</th>");
        html.AppendLine("</tr>");
        foreach (ScenarioDescription scenario in report.Scenarios)
        {
            string title = scenario.Title;
            foreach (Metric metric in Metric.All)
            {
                SummaryRow[] found = [.. rows.Where(row => row.Scenario == scenario.Id && row.Metric == metric.Id)];
                if (found.Length == 0) continue;
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text.Escape(title)}</td><td class=\"text\">{Text.Escape($"{metric.Title} {metric.Unit}".TrimEnd())}</td>");
                foreach (string peer in peers) AppendCell(html, found.FirstOrDefault(row => row.Peer == peer), metric);
                html.AppendLine("</tr>");
                title = "";
            }
        }

        html.AppendLine("</table></div>");
    }

    private static void AppendCell(StringBuilder html, SummaryRow? row, Metric metric)
    {
        if (row is null) html.Append("<td class=\"quiet\">–</td>");
        else html.Append(CultureInfo.InvariantCulture, $"<td title=\"{row.Rounds} rounds, {metric.Format(row.Lowest)} to {metric.Format(row.Highest)}, {row.Discarded} discarded\">{metric.Format(row.Median)}</td>");
    }
}
