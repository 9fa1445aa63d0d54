namespace Vpr.Perf.Lab.Peers;

/// <summary>Where the measured binaries of VPR are.</summary>
/// <param name="Server">The path of <c>vpr-server</c>.</param>
/// <param name="Client">The path of <c>vpr-client</c>.</param>
internal sealed record VprBinaries(string Server, string Client)
{
    /// <summary>Why they cannot be run, or null.</summary>
    public string? Missing => new[] { Server, Client }.FirstOrDefault(path => !File.Exists(path)) is { } absent
        ? $"{absent} does not exist: run build/publish.sh, or name their directory with --bin"
        : null;

    /// <summary>Both in one directory.</summary>
    public static VprBinaries In(string directory) => new(Path.Combine(directory, "vpr-server"), Path.Combine(directory, "vpr-client"));

    /// <summary>Those that <c>build/publish.sh</c> made, with their symbols beside them, or those of <see cref="DefaultDirectory"/> where it did not run.</summary>
    public static VprBinaries WithSymbols()
    {
        string published = Path.Combine(DefaultDirectory, "..", "publish");
        var binaries = new VprBinaries(Path.GetFullPath(Path.Combine(published, "Server", "vpr-server")), Path.GetFullPath(Path.Combine(published, "Client", "vpr-client")));
        return binaries.Missing is null ? binaries : In(DefaultDirectory);
    }

    /// <summary>Those beside this program, where <c>build/publish.sh</c> puts them.</summary>
    public static string DefaultDirectory => Path.GetDirectoryName(Environment.ProcessPath!)!;
}
