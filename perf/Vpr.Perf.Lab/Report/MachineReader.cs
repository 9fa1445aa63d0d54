using System.Globalization;

namespace Vpr.Perf.Lab.Report;

/// <summary>Describes the machine.</summary>
internal static class MachineReader
{
    /// <summary>Reads /proc.</summary>
    public static MachineDescription Read() => new(
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Value("/proc/cpuinfo", "model name") ?? "unknown",
        Environment.ProcessorCount,
        Value("/proc/meminfo", "MemTotal") is { } total ? long.Parse(total.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1_000_000 : 0);

    private static string? Value(string file, string key)
    {
        foreach (string line in File.ReadLines(file))
        {
            if (line.StartsWith(key, StringComparison.Ordinal)) return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        return null;
    }
}
