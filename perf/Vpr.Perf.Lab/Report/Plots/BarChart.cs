using System.Globalization;
using System.Text;

namespace Vpr.Perf.Lab.Report.Plots;

/// <summary>A bar.</summary>
/// <param name="Name">Whose it is; decides the colour.</param>
/// <param name="Value">Its length.</param>
/// <param name="Low">Where its whisker begins.</param>
/// <param name="High">Where its whisker ends.</param>
/// <param name="Label">What stands at its end.</param>
/// <param name="OffScale">Whether it may leave the axis: what is far above the rest would press the rest together.</param>
internal sealed record Bar(string Name, double Value, double Low, double High, string Label, bool OffScale);

/// <summary>Groups of horizontal bars over one axis, as SVG.</summary>
internal static class BarChart
{
    private const double Width = 860, Left = 150, Right = 130, BarHeight = 15, BarGap = 3, GroupGap = 14, TitleHeight = 20, AxisHeight = 26;

    /// <summary>Draws it.</summary>
    /// <param name="groups">The groups, each with a title above its bars.</param>
    /// <param name="unit">The axis' unit.</param>
    /// <param name="palette">The colours by name.</param>
    public static string Draw(IReadOnlyList<(string Title, IReadOnlyList<Bar> Bars)> groups, string unit, Palette palette)
    {
        var scale = new LinearScale(groups.SelectMany(group => group.Bars).Where(bar => !bar.OffScale).Select(bar => bar.High).DefaultIfEmpty(1).Max());
        double height = groups.Sum(group => TitleHeight + GroupGap + (group.Bars.Count * (BarHeight + BarGap))) + AxisHeight;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Text.Pixel(Width)} {Text.Pixel(height)}\" role=\"img\">");
        foreach ((double value, string label) in scale.Marks)
        {
            string x = Text.Pixel(X(scale, value));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{Text.Pixel(height - AxisHeight)}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{x}\" y=\"{Text.Pixel(height - 8)}\" text-anchor=\"middle\">{label}</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{Text.Pixel(Width - 4)}\" y=\"{Text.Pixel(height - 8)}\" text-anchor=\"end\">{Text.Escape(unit)}</text>");
        double y = 0;
        foreach ((string title, IReadOnlyList<Bar> bars) in groups)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"group\" x=\"{Text.Pixel(Left)}\" y=\"{Text.Pixel(y + 14)}\">{Text.Escape(title)}</text>");
            y += TitleHeight;
            foreach (Bar bar in bars)
            {
                DrawBar(svg, bar, y, scale, palette[bar.Name]);
                y += BarHeight + BarGap;
            }

            y += GroupGap;
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void DrawBar(StringBuilder svg, Bar bar, double y, LinearScale scale, string colour)
    {
        double end = X(scale, bar.Value), middle = y + (BarHeight / 2), text = y + BarHeight - 3;
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{Text.Pixel(Left - 6)}\" y=\"{Text.Pixel(text)}\" text-anchor=\"end\">{Text.Escape(bar.Name)}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{Text.Pixel(Left)}\" y=\"{Text.Pixel(y)}\" width=\"{Text.Pixel(Math.Max(0.5, end - Left))}\" height=\"{Text.Pixel(BarHeight)}\" fill=\"{colour}\"/>");
        if (bar.High > bar.Low)
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line class=\"whisker\" x1=\"{Text.Pixel(X(scale, bar.Low))}\" x2=\"{Text.Pixel(X(scale, bar.High))}\" y1=\"{Text.Pixel(middle)}\" y2=\"{Text.Pixel(middle)}\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"value\" x=\"{Text.Pixel(Math.Max(end, X(scale, bar.High)) + 5)}\" y=\"{Text.Pixel(text)}\">{(scale.Place(bar.Value) > 1 ? "» " : "")}{Text.Escape(bar.Label)}</text>");
    }

    private static double X(LinearScale scale, double value) => Left + (Math.Min(1, scale.Place(value)) * (Width - Left - Right));
}
