using System.CommandLine;
using System.Diagnostics;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Commands;

/// <summary><c>vpr-bench micro</c>: BenchmarkDotNet over the engine's parts, which needs the SDK and the sources.</summary>
internal static class MicroCommand
{
    private const string Project = "perf/Vpr.Perf.Micro";

    /// <summary>Builds it.</summary>
    public static Command Create()
    {
        var arguments = new Argument<string[]>("ARGUMENTS")
        {
            Description = "BenchmarkDotNet's arguments, after --; everything without any",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("micro", "Time and allocation of single parts of the engine, by BenchmarkDotNet") { arguments };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(arguments) ?? [], cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        string root = SourceTree.Find(Environment.CurrentDirectory) ?? SourceTree.Find(VprBinaries.DefaultDirectory)
            ?? throw new BenchException("The sources are not here: run it inside a checkout of VPR.");
        if (Peer.FindProgram("dotnet") is not { } dotnet) throw new BenchException("The .NET SDK is not on PATH: install it to run BenchmarkDotNet.");
        string[] chosen = arguments.Length > 0 ? arguments : ["--filter", "*"];
        // Its terminal is ours: progress is BenchmarkDotNet's own.
        using Process process = Process.Start(new ProcessStartInfo(dotnet, ["run", "-c", "Release", "--project", Path.Combine(root, Project), "--", .. chosen]))!;
        using CancellationTokenRegistration interrupted = cancellation.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }
}
