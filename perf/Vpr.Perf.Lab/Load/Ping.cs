using System.Globalization;
using System.Net;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Load;

/// <summary>Round trips by ping(8), whose answers the kernel times on arrival.</summary>
internal static class Ping
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>Sends echo requests at a steady rate.</summary>
    /// <param name="client">The host they leave from.</param>
    /// <param name="target">Whom they ask.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static async Task<PingResult> RunAsync(string client, IPAddress target, int seconds, int perSecond, CancellationToken cancellation)
    {
        string interval = (1.0 / perSecond).ToString("F4", CultureInfo.InvariantCulture);
        string[] command = LabNetwork.In(client, "ping", "-n", "-i", interval, "-c", $"{seconds * perSecond}", "-w", $"{seconds + 1}", $"{target}");
        CommandResult result = await ChildProcess.RunAsync(command, TimeSpan.FromSeconds(seconds) + s_grace, cancellation).ConfigureAwait(false);
        return PingResult.Parse(result.Output + result.Errors);
    }
}
