namespace Vpr.Perf.Lab;

/// <summary>How this program starts itself again inside a namespace.</summary>
internal static class SelfCommand
{
    /// <summary>The command line, to which a subcommand is added.</summary>
    public static string[] Line { get; } = [Environment.ProcessPath!];
}
