using System.Diagnostics;
using System.Text.Json;

namespace Vpr.Interop.Linux.Tests;

/// <summary>Other people's programs, asked what the kernel really holds.</summary>
internal static class Tool
{
    /// <summary>The path of a program, or <see langword="null"/> when it is not installed.</summary>
    internal static string? Find(string name) =>
        new[] { "/usr/sbin", "/usr/bin", "/sbin", "/bin" }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program in this thread's namespace, and fails the test when the program fails.</summary>
    /// <returns>What it printed.</returns>
    internal static string Run(string name, string arguments)
    {
        (int exitCode, string output, string errors) = TryRun(name, arguments);
        Assert.True(exitCode == 0, $"{name} {arguments}: exit code {exitCode}\n{output}{errors}");
        return output;
    }

    /// <summary>Runs a program in this thread's namespace.</summary>
    internal static (int ExitCode, string Output, string Errors) TryRun(string name, string arguments)
    {
        using Process process = Start(name, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>Starts a program in this thread's namespace, for tests that answer it meanwhile.</summary>
    internal static Process Start(string name, string arguments) => Process.Start(
        new ProcessStartInfo(Find(name) ?? throw new FileNotFoundException(name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    /// <summary>Runs a program that prints JSON.</summary>
    internal static JsonElement Json(string name, string arguments)
    {
        string output = Run(name, arguments);
        return JsonDocument.Parse(string.IsNullOrWhiteSpace(output) ? "[]" : output).RootElement;
    }
}
