using System.CommandLine;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Runs;

namespace Vpr.Perf.Lab.Commands;

/// <summary><c>vpr-bench latency</c>: what a ping suffers beside bulk transfers when the way is narrow and the queue is the tunnel's own.</summary>
internal static class LatencyCommand
{
    /// <summary>Builds it.</summary>
    public static Command Create()
    {
        var command = new Command("latency", "Ping beside bulk flows through a bottleneck");
        var run = new RunOptions([PeerCatalog.Vpr, WireGuardGoPeer.PeerName]);
        run.AddTo(command);
        Option<int> rate = RunOptions.Positive("--rate", "The bottleneck, Mbit/s each way", 100);
        var buffer = new Option<double>("--buffer")
        {
            Description = "Milliseconds that the bottleneck itself queues; short, so that the queue is in the tunnel",
            DefaultValueFactory = _ => 4,
        };
        Option<int> flows = RunOptions.Positive("--flows", "TCP connections at once", 8);
        foreach (Option option in new Option[] { rate, buffer, flows }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => ReportingRun.RunAsync("latency", new LabOptions
        {
            Rounds = parsed.GetValue(run.Rounds),
            Seconds = parsed.GetValue(run.Seconds),
            Peers = run.GetPeers(parsed, []),
            Networks = [NetworkKind.Veth],
            Scenarios =
            [
                new IdleLatencyScenario(),
                new LoadedLatencyScenario(Direction.Up, parsed.GetValue(flows)),
                new LoadedLatencyScenario(Direction.Down, parsed.GetValue(flows)),
            ],
            Limits = run.GetLimits(parsed),
            PingRate = parsed.GetValue(run.PingRate),
            Bottleneck = new Bottleneck(parsed.GetValue(rate), parsed.GetValue(buffer)),
            Json = parsed.GetValue(run.Json),
            Html = parsed.GetValue(run.Html),
        }, cancellation));
        return command;
    }
}
