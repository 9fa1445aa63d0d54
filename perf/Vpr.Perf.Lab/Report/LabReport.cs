using System.Text.Json.Serialization;
using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Measure;

namespace Vpr.Perf.Lab.Report;

/// <summary>Everything a run found, as it is written to JSON.</summary>
internal sealed record LabReport
{
    /// <summary>When the run began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>How it was asked to measure.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Who was measured.</summary>
    public required IReadOnlyList<PeerDescription> Peers { get; init; }

    /// <summary>What was measured, in the order of the report.</summary>
    public required IReadOnlyList<ScenarioDescription> Scenarios { get; init; }

    /// <summary>Every measurement, discarded ones too.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Medians over rounds and paired ratios.</summary>
    public required IReadOnlyList<SummaryRow> Summary { get; init; }

    /// <summary>What each setting of VPR that was changed costs or brings.</summary>
    public required IReadOnlyList<SettingRow> SettingsChanged { get; init; }

    /// <summary>The goals that the run can judge.</summary>
    public required IReadOnlyList<GoalResult> Goals { get; init; }

    /// <summary>What was left out and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>A scenario's name for people.</summary>
    public string TitleOf(string scenario) => Scenarios.First(description => description.Id == scenario).Title;
}

/// <summary>The machine a run was made on.</summary>
/// <param name="Kernel">Its kernel.</param>
/// <param name="Processor">Its processor's name.</param>
/// <param name="Cores">How many processors the system sees.</param>
/// <param name="MemoryMegabytes">Its memory, MB.</param>
internal sealed record MachineDescription(string Kernel, string Processor, int Cores, long MemoryMegabytes);

/// <summary>How a run was asked to measure.</summary>
/// <param name="Command">The subcommand.</param>
/// <param name="Rounds">Rounds of all peers.</param>
/// <param name="Seconds">Seconds of each measurement.</param>
/// <param name="PingsPerSecond">Pings a second.</param>
/// <param name="Networks">The networks between the ends.</param>
/// <param name="Reference">The peer that ratios compare with.</param>
/// <param name="ForeignCpuLimit">Cores of other programs above which a measurement is discarded.</param>
/// <param name="StealLimit">The stolen part of all cores' time above which it is discarded, 0 to 1.</param>
/// <param name="BottleneckMegabits">The bottleneck's rate, Mbit/s, or null.</param>
/// <param name="BottleneckBufferMilliseconds">How long the bottleneck itself queues, or null.</param>
internal sealed record RunSettings(string Command, int Rounds, int Seconds, int PingsPerSecond, IReadOnlyList<string> Networks, string Reference,
    double ForeignCpuLimit, double StealLimit, int? BottleneckMegabits, double? BottleneckBufferMilliseconds);

/// <summary>A peer of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Version">What it says of its version, or null.</param>
/// <param name="Missing">Why it was not measured, or null.</param>
internal sealed record PeerDescription(string Name, string Description, string? Version, string? Missing);

/// <summary>A scenario of a run.</summary>
/// <param name="Id">Its name in samples.</param>
/// <param name="Title">Its name for people.</param>
internal sealed record ScenarioDescription(string Id, string Title);

/// <summary>One peer's median of one metric in one scenario.</summary>
/// <param name="Network">The network's kind.</param>
/// <param name="Scenario">The scenario's id.</param>
/// <param name="Metric">The metric's id.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Median">Over the rounds that count.</param>
/// <param name="Lowest">The lowest of them.</param>
/// <param name="Highest">The highest of them.</param>
/// <param name="Rounds">How many count.</param>
/// <param name="Discarded">How many were disturbed.</param>
/// <param name="RatioToReference">The median of the ratios to the reference in the same round, or null.</param>
internal sealed record SummaryRow(string Network, string Scenario, string Metric, string Peer, double Median, double Lowest, double Highest,
    int Rounds, int Discarded, double? RatioToReference);

/// <summary>What a changed setting does to one figure.</summary>
/// <param name="Network">The network's kind.</param>
/// <param name="Scenario">The scenario's id.</param>
/// <param name="Metric">The metric's id.</param>
/// <param name="Peer">VPR with the setting.</param>
/// <param name="Base">VPR without it.</param>
/// <param name="Ratio">The median over rounds of the one's value divided by the other's.</param>
internal sealed record SettingRow(string Network, string Scenario, string Metric, string Peer, string Base, double Ratio);

/// <summary>Whether a goal is met.</summary>
/// <param name="Goal">The goal, in words.</param>
/// <param name="Network">The network's kind.</param>
/// <param name="Found">What was found, in words.</param>
/// <param name="Rounds">How many undisturbed rounds stand behind it.</param>
/// <param name="Met">Whether that meets it.</param>
internal sealed record GoalResult(string Goal, string Network, string Found, int Rounds, bool Met);

/// <summary>The JSON of reports and of what the load generators hand over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LabReport))]
[JsonSerializable(typeof(RateResult))]
[JsonSerializable(typeof(HandshakeResult))]
internal sealed partial class ReportJson : JsonSerializerContext;
