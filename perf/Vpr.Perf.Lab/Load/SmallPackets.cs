using System.Net;
using System.Text.Json;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Report;

namespace Vpr.Perf.Lab.Load;

/// <summary>The search for the highest loss-free rate, its two ends being this program in each host.</summary>
internal static class SmallPackets
{
    /// <summary>The part that may be lost, 0 to 1.</summary>
    public const double LossLimit = 0.001;

    private const int Port = 5209;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_searchLimit = TimeSpan.FromMinutes(3);

    /// <summary>Searches.</summary>
    /// <param name="network">The hosts.</param>
    /// <param name="target">The sink's address.</param>
    /// <param name="seconds">How long each try sends.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RateResult> RunAsync(LabNetwork network, IPAddress target, double seconds, CancellationToken cancellation)
    {
        using ChildProcess sink = ChildProcess.Start(LabNetwork.In(network.Server, [.. SelfCommand.Line, "udp-sink", "--local", $"{target}:{Port}"]));
        await sink.WaitForTextAsync(UdpSink.ReadyText, s_startLimit, cancellation).ConfigureAwait(false);
        string output = await ChildProcess.CheckAsync(
            LabNetwork.In(network.Client, [.. SelfCommand.Line, "udp-rate", "--target", $"{target}:{Port}", "--size", $"{SmallPacketScenario.PayloadSize}",
                "--seconds", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)]),
            s_searchLimit, cancellation).ConfigureAwait(false);
        return JsonSerializer.Deserialize(output, ReportJson.Default.RateResult) ?? throw new BenchException("The load generator gave no result.");
    }
}
