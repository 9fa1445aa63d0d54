using System.Globalization;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Load;

/// <summary>Counts the system calls of processes by perf(1), where it is installed and permitted.</summary>
internal static class SystemCalls
{
    private const string Event = "raw_syscalls:sys_enter";

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>Whether the machine can count them.</summary>
    public static async Task<bool> CanCountAsync(CancellationToken cancellation)
    {
        try
        {
            CommandResult result = await ChildProcess.RunAsync(["perf", "stat", "-x", ",", "-e", Event, "--", "true"], s_grace, cancellation).ConfigureAwait(false);
            return ParseCount(result.Errors) is not null;
        }
        catch (BenchException)
        {
            return false;
        }
    }

    /// <summary>Starts to count for a time.</summary>
    public static ChildProcess Start(IReadOnlyList<int> pids, int seconds) =>
        ChildProcess.Start(["perf", "stat", "-x", ",", "-e", Event, "-p", string.Join(',', pids), "--", "sleep", $"{seconds}"]);

    /// <summary>The count in what perf says.</summary>
    /// <returns>Null when it could not count.</returns>
    public static long? ParseCount(string errors)
    {
        string? line = errors.Split('\n').FirstOrDefault(line => line.Contains(Event, StringComparison.Ordinal));
        return line is not null && long.TryParse(line.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;
    }
}
