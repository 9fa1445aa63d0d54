using System.CommandLine;

namespace Vpr.Perf.Lab.Commands;

/// <summary>The command line of <c>vpr-bench</c>.</summary>
internal static class BenchCommandLine
{
    /// <summary>Builds it.</summary>
    public static RootCommand Create() => new("Measures VPR beside other tunnels, between network namespaces of this machine.")
    {
        LabCommand.Create(), LatencyCommand.Create(), CompareCommand.Create(), MicroCommand.Create(), ProfileCommand.Create(),
        LoadCommands.NullTunnel(), LoadCommands.UdpSink(), LoadCommands.UdpRate(), LoadCommands.Handshakes(),
    };
}
