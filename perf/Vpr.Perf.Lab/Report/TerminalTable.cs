using System.Globalization;
using System.Text;
using Vpr.Perf.Lab.Measure;

namespace Vpr.Perf.Lab.Report;

/// <summary>A report as text for the terminal: a table of each network, a row for each metric of each scenario and a column for each peer, then the goals.</summary>
internal static class TerminalTable
{
    /// <summary>Formats a report.</summary>
    public static string Format(LabReport report)
    {
        var text = new StringBuilder();
        foreach (string network in report.Settings.Networks) AppendNetwork(text, report, network);
        AppendSettings(text, report);
        AppendGoals(text, report.Goals);
        foreach (string note in report.Notes) text.Append("note: ").AppendLine(note);
        return text.ToString();
    }

    private static void AppendNetwork(StringBuilder text, LabReport report, string network)
    {
        SummaryRow[] rows = [.. report.Summary.Where(row => row.Network == network)];
        string[] peers = [.. report.Peers.Select(peer => peer.Name).Where(peer => rows.Any(row => row.Peer == peer))];
        var cells = new List<string[]> { (string[])[$"{network}, medians", "", .. peers] };
        foreach (ScenarioDescription scenario in report.Scenarios)
        {
            string title = scenario.Title;
            foreach (Metric metric in Metric.All)
            {
                SummaryRow[] found = [.. rows.Where(row => row.Scenario == scenario.Id && row.Metric == metric.Id)];
                if (found.Length == 0) continue;
                cells.Add([title, $"{metric.Title} {metric.Unit}".TrimEnd(), .. peers.Select(peer => Cell(found.FirstOrDefault(row => row.Peer == peer), metric))]);
                title = "";
            }
        }

        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells)
        {
            string line = string.Join("  ", row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
            text.AppendLine(line.TrimEnd());
        }

        text.AppendLine();
    }

    private static string Cell(SummaryRow? row, Metric metric) => row is null
        ? "–"
        : row.RatioToReference is { } ratio
            ? string.Create(CultureInfo.InvariantCulture, $"{metric.Format(row.Median)} ({ratio:0.00}×)")
            : metric.Format(row.Median);

    private static string Count(int rounds) => rounds == 1 ? "1 round" : $"{rounds} rounds";

    private static void AppendSettings(StringBuilder text, LabReport report)
    {
        foreach (var change in report.SettingsChanged.GroupBy(row => (row.Network, row.Peer, row.Base)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{change.Key.Peer} beside {change.Key.Base}, {change.Key.Network}:");
            foreach (SettingRow row in change)
                text.AppendLine(CultureInfo.InvariantCulture, $"  {report.TitleOf(row.Scenario),-36}  {Metric.Find(row.Metric).Title,-20}  {row.Ratio:0.00}×");
            text.AppendLine();
        }
    }

    private static void AppendGoals(StringBuilder text, IReadOnlyList<GoalResult> goals)
    {
        if (goals.Count == 0) return;
        int width = goals.Max(goal => goal.Goal.Length);
        foreach (GoalResult goal in goals)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(goal.Met ? "met   " : "missed")}  {goal.Goal.PadRight(width)}  {goal.Network}: {goal.Found}, {Count(goal.Rounds)}");
        text.AppendLine();
    }
}
