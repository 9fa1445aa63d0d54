namespace Vpr.Perf.Lab.Report.Plots;

/// <summary>A colour for each peer, the same in every plot of a report.</summary>
internal sealed class Palette(IReadOnlyList<string> names)
{
    // Told apart by colour-blind readers too (Okabe and Ito), on white.
    private static readonly string[] s_colours = ["#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#999999", "#009e73", "#cc79a7", "#000000"];

    /// <summary>The colour of a name.</summary>
    public string this[string name] => s_colours[Math.Max(0, names.ToList().IndexOf(name)) % s_colours.Length];
}
