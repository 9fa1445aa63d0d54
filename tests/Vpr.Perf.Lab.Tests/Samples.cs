using Vpr.Perf.Lab.Measure;

namespace Vpr.Perf.Lab.Tests;

/// <summary>Samples as a run makes them.</summary>
internal static class Samples
{
    public const string TcpId = "tcp-up-1-cubic";

    public static Sample Tcp(int round, string peer, double gigabits) => new()
    {
        Round = round,
        Peer = peer,
        Network = "veth",
        Scenario = TcpId,
        Values = new Dictionary<string, double> { [Metric.Throughput.Id] = gigabits, [Metric.TunnelCpu.Id] = 8 / gigabits },
        Series = [gigabits, gigabits * 1.1, gigabits * 0.9],
        Disturbance = new Disturbance(0.01, 0),
        Discarded = false,
    };

    /// <summary>None can be made of a peer without a figure.</summary>
    public static Sample Handshakes(int round, string peer, double? perCore) => new()
    {
        Round = round,
        Peer = peer,
        Network = "veth",
        Scenario = "handshakes",
        Values = perCore is { } value ? new Dictionary<string, double> { [Metric.HandshakesPerCore.Id] = value, [Metric.HandshakeRate.Id] = value / 2 } : new Dictionary<string, double>(),
        Disturbance = new Disturbance(0.01, 0),
        Discarded = false,
    };

    public static Sample Ping(int round, string peer, double milliseconds) => new()
    {
        Round = round,
        Peer = peer,
        Network = "veth",
        Scenario = "latency-idle",
        Values = new Dictionary<string, double> { [Metric.P50.Id] = milliseconds, [Metric.P99.Id] = milliseconds * 2 },
        Latency = [new LatencyBucket((long)(milliseconds * 1e6), 98), new LatencyBucket((long)(milliseconds * 2e6), 2)],
        Disturbance = new Disturbance(0.01, 0),
        Discarded = false,
    };
}
