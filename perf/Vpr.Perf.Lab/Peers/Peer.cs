using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>A way from one host to another that can be measured: a VPN, a null tunnel, or no tunnel at all.</summary>
internal abstract class Peer
{
    private static readonly string[] s_programFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>How long a tunnel's end may take to start.</summary>
    protected static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    /// <summary>Its name on the command line and in reports.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line of a report.</summary>
    public abstract string Description { get; }

    /// <summary>Why it cannot run here, or null when it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>Brings it up between the two hosts of a network.</summary>
    /// <exception cref="BenchException">It does not come up.</exception>
    public abstract Task<RunningPeer> StartAsync(LabNetwork network, CancellationToken cancellation);

    /// <summary>Which version is measured, as the program itself says, or null when it has none.</summary>
    public virtual Task<string?> VersionAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>Where a program is, by PATH and where administrators' tools are; null when it is not installed.</summary>
    public static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(s_programFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The first line of what a program says of its version, whatever its exit code.</summary>
    protected static async Task<string?> FirstLineAsync(CancellationToken cancellation, params string[] command)
    {
        CommandResult result = await ChildProcess.RunAsync(command, StartLimit, cancellation).ConfigureAwait(false);
        string line = (result.Output + result.Errors).Split('\n')[0].Trim();
        return line.Length == 0 ? null : line;
    }
}
