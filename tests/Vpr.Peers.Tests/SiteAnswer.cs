using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vpr.Peers.Tests;

/// <summary>What a website answered, whichever protocol brought it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Fields">Names in lowercase and values, in the order in which they came.</param>
/// <param name="Body">The content.</param>
internal sealed partial record SiteAnswer(int Status, IReadOnlyList<(string Name, string Value)> Fields, byte[] Body)
{
    /// <summary>The value of a field that is there once.</summary>
    public string Field(string name) => Fields.Single(field => field.Name == name).Value;

    /// <summary>The answer as text, without what may differ: the order of fields, the time, and the age of the alternative service.</summary>
    public string Describe() => Describe(Fields.OrderBy(field => field.Name, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal));

    /// <summary>The answer as text, fields in their order; only the time is left out.</summary>
    public string DescribeInOrder() => Describe(Fields);

    private string Describe(IEnumerable<(string Name, string Value)> fields)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{Status}");
        foreach ((string name, string value) in fields) text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {Comparable(name, value)}");
        return text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{Body.Length} bytes, SHA-256 {SiteFile.Sha256(Body)}").ToString();
    }

    private static string Comparable(string name, string value) => name switch
    {
        // RFC 9110 §5.6.7: the form is the same even where the time is not.
        "date" => DateTimeOffset.TryParseExact(value, "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? "(a time)" : value,
        "alt-svc" => AgePattern().Replace(value, "ma=(an age)"),
        _ => value,
    };

    [GeneratedRegex("ma=[0-9]+")]
    private static partial Regex AgePattern();
}
