using System.Diagnostics;
using Vpr.Hosting;

namespace Vpr.Client.Commands;

/// <summary><c>vpr-client up</c> without <c>--foreground</c>: starts the tunnel's process and returns once its tunnel is up, or with its error.</summary>
internal static class UpCommand
{
    /// <summary>Brings a tunnel up in a process of its own.</summary>
    /// <returns>The exit code: the process's own when it ended before its tunnel was up.</returns>
    public static async Task<int> RunAsync(string profilePath, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["up", "--foreground", profilePath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process tunnel = Process.Start(start)
            ?? throw new HostException(ExitCode.InternalError, "The tunnel's process did not start.");
        using CancellationTokenRegistration interrupted = cancellation.Register(() => tunnel.Kill());
        tunnel.StandardInput.Close();

        // The first line says that the tunnel is up; the end of output without one, that the process gave up.
        if (await tunnel.StandardOutput.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            Console.WriteLine(line);
            return (int)ExitCode.Success;
        }

        Console.Error.Write(await tunnel.StandardError.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false));
        await tunnel.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return tunnel.ExitCode;
    }
}
