using System.Globalization;

namespace Vpr.Perf.Lab.Measure;

/// <summary>A quantity that a sample may hold.</summary>
/// <param name="Id">Its name in JSON.</param>
/// <param name="Title">Its name in a report.</param>
/// <param name="Unit">Its unit, or an empty text.</param>
/// <param name="Decimals">How many are shown.</param>
internal sealed record Metric(string Id, string Title, string Unit, int Decimals)
{
    /// <summary>Payload of TCP that arrived.</summary>
    public static readonly Metric Throughput = new("gbitPerSecond", "Throughput", "Gbit/s", 3);

    /// <summary>CPU time of both tunnel ends for each GB of payload that arrived.</summary>
    public static readonly Metric TunnelCpu = new("tunnelCpuSecondsPerGB", "CPU of both ends", "s/GB", 2);

    /// <summary>CPU time of the whole machine, load generators and softirqs included.</summary>
    public static readonly Metric MachineCpu = new("machineCpuSecondsPerGB", "CPU of the machine", "s/GB", 2);

    /// <summary>The part of both ends' CPU time that was spent in the kernel.</summary>
    public static readonly Metric KernelShare = new("tunnelKernelShare", "Kernel's share of both ends", "", 2);

    /// <summary>Softirqs of the whole machine, which no process is charged for.</summary>
    public static readonly Metric SoftIrq = new("softIrqSecondsPerGB", "Softirqs of the machine", "s/GB", 2);

    /// <summary>Segments that TCP sent again.</summary>
    public static readonly Metric Retransmits = new("retransmits", "Retransmits", "", 0);

    /// <summary>Context switches of both ends for each packet of the inner segment size.</summary>
    public static readonly Metric ContextSwitches = new("contextSwitchesPerPacket", "Context switches of both ends", "per packet", 3);

    /// <summary>System calls of both ends for each packet of the inner segment size.</summary>
    public static readonly Metric SystemCalls = new("systemCallsPerPacket", "System calls of both ends", "per packet", 3);

    /// <summary>The highest rate with a loss of at most 0.1 %.</summary>
    public static readonly Metric PacketRate = new("kiloPacketsPerSecond", "Packet rate", "kpps", 1);

    /// <summary>1 when the sender could not follow, so that the path may be better than its figure.</summary>
    public static readonly Metric SenderLimited = new("senderLimited", "Limited by the sender", "", 0);

    /// <summary>Tunnels opened in each second; the generator shares the cores with the server.</summary>
    public static readonly Metric HandshakeRate = new("handshakesPerSecond", "Opened", "per s", 0);

    /// <summary>Tunnels opened for each second of the server's own CPU time, which is what a core of its own could do.</summary>
    public static readonly Metric HandshakesPerCore = new("handshakesPerServerCoreSecond", "Opened", "per s of the server's CPU", 0);

    /// <summary>The server's CPU time for each of them, from the first datagram to the forgotten connection.</summary>
    public static readonly Metric HandshakeCpu = new("serverCpuMillisecondsPerHandshake", "Server's CPU for each", "ms", 2);

    /// <summary>Round trips, or times to an open tunnel, by percentile.</summary>
    public static readonly Metric P50 = new("p50Milliseconds", "p50", "ms", 3),
        P90 = new("p90Milliseconds", "p90", "ms", 3),
        P99 = new("p99Milliseconds", "p99", "ms", 3),
        P999 = new("p99.9Milliseconds", "p99.9", "ms", 3),
        P9999 = new("p99.99Milliseconds", "p99.99", "ms", 3);

    /// <summary>The mean difference between one round trip and the next.</summary>
    public static readonly Metric Jitter = new("jitterMilliseconds", "Jitter", "ms", 3);

    /// <summary>Pings without an answer.</summary>
    public static readonly Metric PingLoss = new("pingLossPercent", "Pings lost", "%", 2);

    /// <summary>Resident memory.</summary>
    public static readonly Metric ClientIdleMemory = new("clientIdleMegabytes", "Client, idle", "MB", 1),
        ServerIdleMemory = new("serverIdleMegabytes", "Server, idle", "MB", 1),
        ClientLoadedMemory = new("clientLoadedMegabytes", "Client, after load", "MB", 1),
        ServerLoadedMemory = new("serverLoadedMegabytes", "Server, after load", "MB", 1),
        ClientPeakMemory = new("clientPeakMegabytes", "Client, peak", "MB", 1),
        ServerPeakMemory = new("serverPeakMegabytes", "Server, peak", "MB", 1);

    /// <summary>From the start of the client's process to its tunnel being up.</summary>
    public static readonly Metric ClientStart = new("clientStartMilliseconds", "Client, start to tunnel up", "ms", 0);

    /// <summary>The static binaries.</summary>
    public static readonly Metric ClientBinary = new("clientBinaryMegabytes", "Client's binary", "MB", 1),
        ServerBinary = new("serverBinaryMegabytes", "Server's binary", "MB", 1);

    /// <summary>All that stand in tables, in the order of a report; <see cref="SenderLimited"/> is a note.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Throughput, TunnelCpu, MachineCpu, KernelShare, SoftIrq, Retransmits, ContextSwitches, SystemCalls, PacketRate,
        HandshakeRate, HandshakesPerCore, HandshakeCpu,
        P50, P90, P99, P999, P9999, Jitter, PingLoss,
        ClientIdleMemory, ServerIdleMemory, ClientLoadedMemory, ServerLoadedMemory, ClientPeakMemory, ServerPeakMemory,
        ClientStart, ClientBinary, ServerBinary,
    ];

    /// <summary>The metric of an id.</summary>
    public static Metric Find(string id) => All.First(metric => metric.Id == id);

    /// <summary>The percentiles that are reported.</summary>
    public static IReadOnlyList<(double Percent, Metric Metric)> Percentiles { get; } = [(50, P50), (90, P90), (99, P99), (99.9, P999), (99.99, P9999)];

    /// <summary>A value without its unit.</summary>
    public string Format(double value) => value.ToString("F" + Decimals, CultureInfo.InvariantCulture);
}
