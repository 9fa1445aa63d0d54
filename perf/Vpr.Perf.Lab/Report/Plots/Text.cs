using System.Globalization;
using System.Security;

namespace Vpr.Perf.Lab.Report.Plots;

/// <summary>Numbers and names as they stand in HTML and SVG.</summary>
internal static class Text
{
    /// <summary>A number in as few digits as it needs.</summary>
    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A coordinate, to a tenth of a pixel.</summary>
    public static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A name that may hold anything.</summary>
    public static string Escape(string text) => SecurityElement.Escape(text);
}
