using System.CommandLine;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;
using Vpr.Perf.Lab.Runs;

namespace Vpr.Perf.Lab.Commands;

/// <summary><c>vpr-bench compare</c>: a build beside an earlier one, round by round; fails beyond a margin.</summary>
internal static class CompareCommand
{
    private const string BaseName = "base";
    private const double DefaultMargin = 0.25;

    /// <summary>Builds it.</summary>
    public static Command Create()
    {
        var command = new Command("compare", "VPR beside an earlier build of it; ends with 3 when it is worse by more than the margin");
        var run = new RunOptions([PeerCatalog.Vpr]);
        var earlier = new Option<DirectoryInfo>("--base") { Description = "Where the earlier vpr-server and vpr-client are", Required = true };
        var margin = new Option<double>("--margin")
        {
            Description = "By how much a figure may be worse, more than unchanged code ever showed: at 1, half the throughput or twice the time",
            DefaultValueFactory = _ => DefaultMargin,
        };
        margin.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 5)) result.AddError("--margin has to be from 0 to 5.");
        });
        foreach (Option option in run.WithoutPeers) command.Options.Add(option);
        command.Options.Add(earlier);
        command.Options.Add(margin);
        command.SetAction((parsed, cancellation) => ReportingRun.RunAsync("compare", new LabOptions
        {
            Rounds = parsed.GetValue(run.Rounds),
            Seconds = parsed.GetValue(run.Seconds),
            Peers =
            [
                PeerCatalog.Find(PeerCatalog.Vpr, VprBinaries.In(parsed.GetRequiredValue(run.Binaries).FullName)),
                new VprPeer(BaseName, VprBinaries.In(parsed.GetRequiredValue(earlier).FullName), []),
            ],
            Networks = [NetworkKind.Veth],
            Scenarios =
            [
                new IdleLatencyScenario(),
                new TcpScenario(Direction.Up, 1, LoadedLatencyScenario.CongestionControl),
                new TcpScenario(Direction.Down, 1, LoadedLatencyScenario.CongestionControl),
                new SmallPacketScenario(),
            ],
            Limits = run.GetLimits(parsed),
            PingRate = parsed.GetValue(run.PingRate),
            Reference = BaseName,
            Margin = parsed.GetValue(margin),
            Json = parsed.GetValue(run.Json),
            Html = parsed.GetValue(run.Html),
        }, cancellation));
        return command;
    }
}
