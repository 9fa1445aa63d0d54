namespace Vpr.Perf.Lab.Measure;

/// <summary>What one measurement gave.</summary>
internal sealed record Sample
{
    /// <summary>The round, from 1.</summary>
    public required int Round { get; init; }

    /// <summary>The peer's name.</summary>
    public required string Peer { get; init; }

    /// <summary>The network's kind.</summary>
    public required string Network { get; init; }

    /// <summary>The scenario's <see cref="Measure.Scenario.Id"/>.</summary>
    public required string Scenario { get; init; }

    /// <summary>Values by <see cref="Metric.Id"/>.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>What others did meanwhile.</summary>
    public required Disturbance Disturbance { get; init; }

    /// <summary>Whether the disturbance was above the limit, so that the sample counts for nothing.</summary>
    public required bool Discarded { get; init; }

    /// <summary>Throughput second by second, Gbit/s.</summary>
    public IReadOnlyList<double>? Series { get; init; }

    /// <summary>Round trips as counts by nanoseconds (the buckets' upper ends).</summary>
    public IReadOnlyList<LatencyBucket>? Latency { get; init; }
}

/// <summary>A bucket of a histogram.</summary>
/// <param name="UpToNanoseconds">Its upper end.</param>
/// <param name="Count">How many values are in it.</param>
internal readonly record struct LatencyBucket(long UpToNanoseconds, long Count);
