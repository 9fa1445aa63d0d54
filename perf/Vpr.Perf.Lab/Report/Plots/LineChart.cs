using System.Globalization;
using System.Text;

namespace Vpr.Perf.Lab.Report.Plots;

/// <summary>A line.</summary>
/// <param name="Name">Whose it is; decides the colour.</param>
/// <param name="Points">Its points, from left to right.</param>
internal sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over two axes with a legend, as SVG.</summary>
internal static class LineChart
{
    private const double Width = 860, Height = 320, Left = 60, Right = 150, Top = 10, Bottom = 40, LegendStep = 18;

    /// <summary>Draws it.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="xTitle">What the horizontal axis shows.</param>
    /// <param name="yTitle">What the vertical axis shows.</param>
    /// <param name="palette">The colours by name.</param>
    public static string Draw(IReadOnlyList<Line> lines, Scale x, Scale y, string xTitle, string yTitle, Palette palette)
    {
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Text.Pixel(Width)} {Text.Pixel(Height)}\" role=\"img\">");
        foreach ((double value, string label) in x.Marks)
        {
            string at = Text.Pixel(X(x, value));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"{Text.Pixel(Top)}\" y2=\"{Text.Pixel(Height - Bottom)}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{at}\" y=\"{Text.Pixel(Height - Bottom + 15)}\" text-anchor=\"middle\">{label}</text>");
        }

        foreach ((double value, string label) in y.Marks)
        {
            double at = Y(y, value);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Text.Pixel(Left)}\" x2=\"{Text.Pixel(Width - Right)}\" y1=\"{Text.Pixel(at)}\" y2=\"{Text.Pixel(at)}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{Text.Pixel(Left - 6)}\" y=\"{Text.Pixel(at + 4)}\" text-anchor=\"end\">{label}</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{Text.Pixel((Left + Width - Right) / 2)}\" y=\"{Text.Pixel(Height - 6)}\" text-anchor=\"middle\">{Text.Escape(xTitle)}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"axis\" transform=\"translate(14 {Text.Pixel((Top + Height - Bottom) / 2)}) rotate(-90)\" text-anchor=\"middle\">{Text.Escape(yTitle)}</text>");
        for (int i = 0; i < lines.Count; i++)
        {
            string colour = palette[lines[i].Name];
            string points = string.Join(' ', lines[i].Points.Select(point => $"{Text.Pixel(X(x, point.X))},{Text.Pixel(Y(y, point.Y))}"));
            double legend = Top + 12 + (i * LegendStep);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" points=\"{points}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{Text.Pixel(Width - Right + 12)}\" y=\"{Text.Pixel(legend - 9)}\" width=\"12\" height=\"4\" fill=\"{colour}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{Text.Pixel(Width - Right + 30)}\" y=\"{Text.Pixel(legend - 3)}\">{Text.Escape(lines[i].Name)}</text>");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static double X(Scale scale, double value) => Left + (Math.Clamp(scale.Place(value), 0, 1) * (Width - Left - Right));

    private static double Y(Scale scale, double value) => Height - Bottom - (Math.Clamp(scale.Place(value), 0, 1) * (Height - Top - Bottom));
}
