using System.Globalization;
using System.Runtime.InteropServices;

namespace Vpr.Perf.Lab.Namespaces;

/// <summary>Takes away what a run left that was killed before it could.</summary>
internal static class StaleNetworks
{
    private const int SigKill = 9;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Ends the processes in, and deletes, every namespace of a laboratory whose process is gone.</summary>
    public static async Task RemoveAsync(CancellationToken cancellation)
    {
        string list = await ChildProcess.CheckAsync(["ip", "netns", "list"], s_limit, cancellation).ConfigureAwait(false);
        foreach (string line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = line.Split(' ')[0];
            if (OwnerOf(name) is not { } owner || Directory.Exists($"/proc/{owner}")) continue;
            CommandResult inside = await ChildProcess.RunAsync(["ip", "netns", "pids", name], s_limit, cancellation).ConfigureAwait(false);
            foreach (string pid in inside.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                _ = SendSignal(int.Parse(pid, CultureInfo.InvariantCulture), SigKill);
            await ChildProcess.RunAsync(["ip", "netns", "delete", name], s_limit, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The pid in a namespace's name, or null when the name is not one of a laboratory.</summary>
    internal static int? OwnerOf(string name)
    {
        if (!name.StartsWith(LabNetwork.NamePrefix, StringComparison.Ordinal)) return null;
        string rest = name[LabNetwork.NamePrefix.Length..];
        int end = rest.IndexOf('x', StringComparison.Ordinal);
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : null;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
