using System.Globalization;
using System.Text;
using Vpr.Perf.Lab.Report.Plots;

namespace Vpr.Perf.Lab.Profile;

/// <summary>A tree of stacks as SVG: a box for each frame, as wide as its share of the samples, callers below what they call.</summary>
internal static class FlameGraph
{
    private const double Width = 1400, RowHeight = 17, HeadHeight = 30, CharacterWidth = 6.6, ThinnestBox = 0.4;

    /// <summary>Draws it.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="title">What was run.</param>
    public static string Draw(StackTree root, string title)
    {
        double height = HeadHeight + (root.Depth * RowHeight) + 4;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Text.Pixel(Width)} {Text.Pixel(height)}\" font-family=\"system-ui, sans-serif\" font-size=\"11\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><text x=\"8\" y=\"19\" font-size=\"14\">{Text.Escape(title)}: {root.Samples} samples; orange in the kernel, blue in VPR, grey elsewhere</text>");
        if (root.Samples > 0) DrawFrame(svg, root, 0, height - RowHeight - 4, Width / root.Samples, root.Samples);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void DrawFrame(StringBuilder svg, StackTree frame, double x, double y, double pixelsPerSample, long total)
    {
        double width = frame.Samples * pixelsPerSample;
        if (width < ThinnestBox) return;
        string name = Text.Escape(Readable(frame.Name));
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{name}: {frame.Samples} samples, {100.0 * frame.Samples / total:0.00} %</title>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Text.Pixel(x)}\" y=\"{Text.Pixel(y)}\" width=\"{Text.Pixel(Math.Max(ThinnestBox, width - 0.5))}\" height=\"{Text.Pixel(RowHeight - 1)}\" fill=\"{Colour(frame)}\" rx=\"1\"/>");
        int room = (int)((width - 6) / CharacterWidth);
        if (room >= 3)
        {
            string label = Readable(frame.Name);
            if (label.Length > room) label = label[..(room - 1)] + "…";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Text.Pixel(x + 3)}\" y=\"{Text.Pixel(y + RowHeight - 5)}\">{Text.Escape(label)}</text>");
        }

        svg.AppendLine("</g>");
        foreach (StackTree child in frame.Children)
        {
            DrawFrame(svg, child, x, y - RowHeight, pixelsPerSample, total);
            x += child.Samples * pixelsPerSample;
        }
    }

    private static string Colour(StackTree frame) => frame.IsKernel ? "#f3a35c" : frame.Name.StartsWith("Vpr", StringComparison.Ordinal) ? "#7db3e8" : "#cfcfcf";

    /// <summary>A function's name without what the ahead-of-time compiler writes twice: assembly, namespace, then type and method.</summary>
    internal static string Readable(string symbol)
    {
        int method = symbol.LastIndexOf("__", StringComparison.Ordinal);
        if (!symbol.StartsWith("Vpr_", StringComparison.Ordinal) || method < 0) return symbol;
        string type = symbol[..method];
        return $"{type[(type.LastIndexOf('_') + 1)..]}.{symbol[(method + 2)..]}";
    }
}
