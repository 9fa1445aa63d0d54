using System.Globalization;
using System.Text;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Report.Plots;

namespace Vpr.Perf.Lab.Report;

/// <summary>The HTML table of what changed settings do, one column for each of them.</summary>
internal static class SettingTable
{
    /// <summary>Appends it, when a setting was changed.</summary>
    public static void Append(StringBuilder html, LabReport report, string network)
    {
        SettingRow[] rows = [.. report.SettingsChanged.Where(row => row.Network == network)];
        if (rows.Length == 0) return;
        (string Peer, string Base)[] changes = [.. rows.Select(row => (row.Peer, row.Base)).Distinct()];
        html.AppendLine("<h3>What a setting changes: the figure with it, divided by the figure without</h3><div class=\"scroll\"><table><tr><th></th><th class=\"text\"></th>");
        foreach ((string peer, string unchanged) in changes) html.AppendLine(CultureInfo.InvariantCulture, $"<th>{Text.Escape(peer)} / {Text.Escape(unchanged)}</th>");
        html.AppendLine("</tr>");
        foreach (var figure in rows.GroupBy(row => (row.Scenario, row.Metric)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text.Escape(report.TitleOf(figure.Key.Scenario))}</td><td class=\"text\">{Text.Escape(Metric.Find(figure.Key.Metric).Title)}</td>");
            foreach ((string peer, _) in changes)
            {
                string cell = figure.FirstOrDefault(row => row.Peer == peer) is { } row ? string.Create(CultureInfo.InvariantCulture, $"{row.Ratio:0.00} ×") : "–";
                html.Append(CultureInfo.InvariantCulture, $"<td>{cell}</td>");
            }

            html.AppendLine("</tr>");
        }

        html.AppendLine("</table></div>");
    }
}
