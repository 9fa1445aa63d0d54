namespace Vpr.Perf.Lab.Peers;

/// <summary>The <c>[Tunnel]</c> section of VPR's files, as text.</summary>
internal static class TunnelSection
{
    private const string Heading = "[Tunnel]";

    /// <summary>Sets a key: replaces its line in the section, or adds one below the heading.</summary>
    /// <returns>The changed text.</returns>
    /// <exception cref="BenchException">The text has no such section.</exception>
    public static string Set(string text, string key, string value)
    {
        List<string> lines = [.. text.Split('\n')];
        int heading = lines.FindIndex(line => line.Trim() == Heading);
        if (heading < 0) throw new BenchException($"A file of VPR has no section {Heading}.");
        int end = lines.FindIndex(heading + 1, line => line.StartsWith('['));
        int index = lines.FindIndex(heading + 1, (end < 0 ? lines.Count : end) - heading - 1, line => KeyOf(line).Equals(key, StringComparison.OrdinalIgnoreCase));
        string setting = $"{key} = {value}";
        if (index >= 0) lines[index] = setting;
        else lines.Insert(heading + 1, setting);
        return string.Join('\n', lines);
    }

    private static string KeyOf(string line) => line.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? line[..at].Trim() : "";
}
