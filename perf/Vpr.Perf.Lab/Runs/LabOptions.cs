using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Runs;

/// <summary>What the laboratory is to measure and how long.</summary>
internal sealed record LabOptions
{
    /// <summary>How often every peer is measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long each measurement lasts, seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>The peers, in the order of the first round.</summary>
    public required IReadOnlyList<Peer> Peers { get; init; }

    /// <summary>The networks between the tunnel's ends.</summary>
    public required IReadOnlyList<NetworkKind> Networks { get; init; }

    /// <summary>What is measured of each tunnel, in order.</summary>
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>When a measurement counts as disturbed.</summary>
    public required DisturbanceLimits Limits { get; init; }

    /// <summary>Pings a second.</summary>
    public required int PingRate { get; init; }

    /// <summary>A bottleneck on the way, or null.</summary>
    public Bottleneck? Bottleneck { get; init; }

    /// <summary>The peer that ratios compare with.</summary>
    public string Reference { get; init; } = WireGuardGoPeer.PeerName;

    /// <summary>By how much VPR may be worse than the reference, as a part of it; null judges by the goals instead.</summary>
    public double? Margin { get; init; }

    /// <summary>Where the report goes as JSON, or null.</summary>
    public FileInfo? Json { get; init; }

    /// <summary>Where the report goes as HTML, or null.</summary>
    public FileInfo? Html { get; init; }
}
