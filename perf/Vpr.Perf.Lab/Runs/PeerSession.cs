using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Runs;

/// <summary>What one measurement found, before it is known whether it was disturbed.</summary>
/// <param name="Values">Values by <see cref="Metric.Id"/>.</param>
/// <param name="Series">Throughput second by second, Gbit/s.</param>
/// <param name="Latency">Round trips.</param>
internal sealed record Reading(IReadOnlyDictionary<string, double> Values, IReadOnlyList<double>? Series = null, IReadOnlyList<LatencyBucket>? Latency = null);

/// <summary>A tunnel that is up and the load generators at both of its ends.</summary>
internal sealed class PeerSession : IDisposable
{
    private const double BytesPerGigabyte = 1e9;
    private const double NanosecondsPerMillisecond = 1e6;
    private const double MillisecondsPerSecond = 1e3;
    private const double SmallPacketSeconds = 0.5;

    // A transfer has filled its queues after this long; the pings begin then, and end before it does.
    private const int RampSeconds = 1;

    private readonly LabOptions _options;
    private readonly LabNetwork _network;
    private readonly RunningPeer _tunnel;
    private readonly bool _countsSystemCalls;
    private readonly Iperf _iperf;
    private readonly ProcessState _clientIdle, _serverIdle;

    private PeerSession(LabOptions options, LabNetwork network, RunningPeer tunnel, bool countsSystemCalls, Iperf iperf)
    {
        (_options, _network, _tunnel, _countsSystemCalls, _iperf) = (options, network, tunnel, countsSystemCalls, iperf);
        (_clientIdle, _serverIdle) = (StateOf(tunnel.ClientEnd), StateOf(tunnel.ServerEnd));
    }

    /// <summary>Starts what every scenario needs; nothing has passed the tunnel yet.</summary>
    public static async Task<PeerSession> StartAsync(LabOptions options, LabNetwork network, RunningPeer tunnel, bool countsSystemCalls, CancellationToken cancellation)
    {
        Iperf iperf = await Iperf.StartAsync(network, tunnel.Target, cancellation).ConfigureAwait(false);
        try
        {
            var session = new PeerSession(options, network, tunnel, countsSystemCalls, iperf);
            // The first packets wait for handshakes and caches, and belong to no measurement.
            await Ping.RunAsync(network.Client, tunnel.Target, 1, 20, cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            iperf.Dispose();
            throw;
        }
    }

    /// <summary>Measures one thing.</summary>
    /// <exception cref="BenchException">It cannot be measured, or an end of the tunnel died.</exception>
    public async Task<Reading> MeasureAsync(Scenario scenario, CancellationToken cancellation)
    {
        Reading reading = scenario switch
        {
            TcpScenario tcp => await MeasureTcpAsync(tcp, cancellation).ConfigureAwait(false),
            SystemCallScenario => await MeasureSystemCallsAsync(cancellation).ConfigureAwait(false),
            SmallPacketScenario => await MeasureSmallPacketsAsync(cancellation).ConfigureAwait(false),
            IdleLatencyScenario => Describe(await Ping.RunAsync(_network.Client, _tunnel.Target, _options.Seconds, _options.PingRate, cancellation).ConfigureAwait(false)),
            LoadedLatencyScenario loaded => await MeasureLoadedLatencyAsync(loaded, cancellation).ConfigureAwait(false),
            FootprintScenario => MeasureFootprint(),
            HandshakeScenario => await MeasureHandshakesAsync(cancellation).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"Nothing measures {scenario.Id}."),
        };
        _tunnel.ThrowIfDead();
        return reading;
    }

    /// <inheritdoc/>
    public void Dispose() => _iperf.Dispose();

    private async Task<Reading> MeasureTcpAsync(TcpScenario scenario, CancellationToken cancellation)
    {
        ProcessCpu tunnelBefore = ProcessCpu.Read(_tunnel.Pids);
        MachineCpu machineBefore = MachineCpu.Read();
        long switchesBefore = ContextSwitches();
        IperfResult result = await _iperf.RunAsync(scenario, _options.Seconds, cancellation).ConfigureAwait(false);
        ProcessCpu tunnel = ProcessCpu.Read(_tunnel.Pids) - tunnelBefore;
        MachineCpu machine = MachineCpu.Read() - machineBefore;
        long switches = ContextSwitches() - switchesBefore;
        if (result.Bytes == 0) throw new BenchException($"{scenario.Title}: not a byte arrived.");

        double gigabytes = result.Bytes / BytesPerGigabyte;
        var values = new Dictionary<string, double>
        {
            [Metric.Throughput.Id] = result.BitsPerSecond / 1e9,
            [Metric.MachineCpu.Id] = machine.Busy / gigabytes,
            [Metric.SoftIrq.Id] = machine.Interrupt / gigabytes,
            [Metric.Retransmits.Id] = result.Retransmits,
        };
        if (_tunnel.Pids.Count > 0)
        {
            values[Metric.TunnelCpu.Id] = tunnel.Total / gigabytes;
            values[Metric.KernelShare.Id] = tunnel.Total > 0 ? tunnel.Kernel / tunnel.Total : 0;
            values[Metric.ContextSwitches.Id] = switches / Packets(result);
        }

        return new Reading(values, [.. result.Intervals.Select(bits => bits / 1e9)]);
    }

    private async Task<Reading> MeasureSystemCallsAsync(CancellationToken cancellation)
    {
        var values = new Dictionary<string, double>();
        if (_tunnel.Pids.Count == 0 || !_countsSystemCalls) return new Reading(values);
        using ChildProcess counter = SystemCalls.Start(_tunnel.Pids, _options.Seconds + 1);
        IperfResult result = await _iperf.RunAsync(SystemCallScenario.Load, _options.Seconds, cancellation).ConfigureAwait(false);
        await counter.WaitForExitAsync(TimeSpan.FromSeconds(10), cancellation).ConfigureAwait(false);
        if (SystemCalls.ParseCount(counter.Errors) is { } count && result.Bytes > 0) values[Metric.SystemCalls.Id] = count / Packets(result);
        return new Reading(values);
    }

    private async Task<Reading> MeasureSmallPacketsAsync(CancellationToken cancellation)
    {
        RateResult result = await SmallPackets.RunAsync(_network, _tunnel.Target, SmallPacketSeconds, cancellation).ConfigureAwait(false);
        return new Reading(new Dictionary<string, double>
        {
            [Metric.PacketRate.Id] = result.PacketsPerSecond / 1000,
            [Metric.SenderLimited.Id] = result.SenderLimited ? 1 : 0,
        });
    }

    private async Task<Reading> MeasureLoadedLatencyAsync(LoadedLatencyScenario scenario, CancellationToken cancellation)
    {
        var load = new TcpScenario(scenario.Direction, scenario.Flows, LoadedLatencyScenario.CongestionControl);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<IperfResult> transfer = _iperf.RunAsync(load, _options.Seconds + (2 * RampSeconds), stop.Token);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(RampSeconds), cancellation).ConfigureAwait(false);
            PingResult ping = await Ping.RunAsync(_network.Client, _tunnel.Target, _options.Seconds, _options.PingRate, cancellation).ConfigureAwait(false);
            IperfResult result = await transfer.ConfigureAwait(false);
            Reading reading = Describe(ping);
            return reading with
            {
                Values = new Dictionary<string, double>(reading.Values) { [Metric.Throughput.Id] = result.BitsPerSecond / 1e9 },
                Series = [.. result.Intervals.Select(bits => bits / 1e9)],
            };
        }
        finally
        {
            // When the pings failed the transfer must not go on in a network that is taken away.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)transfer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Reading MeasureFootprint()
    {
        var values = new Dictionary<string, double>(_tunnel.Facts);
        if (_tunnel.ClientEnd is not null)
        {
            ProcessState state = StateOf(_tunnel.ClientEnd);
            values[Metric.ClientIdleMemory.Id] = _clientIdle.ResidentMegabytes;
            values[Metric.ClientLoadedMemory.Id] = state.ResidentMegabytes;
            values[Metric.ClientPeakMemory.Id] = state.PeakMegabytes;
        }

        if (_tunnel.ServerEnd is not null)
        {
            ProcessState state = StateOf(_tunnel.ServerEnd);
            values[Metric.ServerIdleMemory.Id] = _serverIdle.ResidentMegabytes;
            values[Metric.ServerLoadedMemory.Id] = state.ResidentMegabytes;
            values[Metric.ServerPeakMemory.Id] = state.PeakMegabytes;
        }

        return new Reading(values);
    }

    private async Task<Reading> MeasureHandshakesAsync(CancellationToken cancellation)
    {
        if (_tunnel.AddClients is not { } addClients || _tunnel.ServerEnd is not { } server) return new Reading(new Dictionary<string, double>());
        IReadOnlyList<string> profiles = await addClients(Handshakes.InFlight, cancellation).ConfigureAwait(false);
        ProcessCpu before = ProcessCpu.Read(server.Id);
        HandshakeResult result = await Handshakes.RunAsync(_network, profiles, _options.Seconds, cancellation).ConfigureAwait(false);
        double seconds = (ProcessCpu.Read(server.Id) - before).Total;
        var values = new Dictionary<string, double>
        {
            [Metric.HandshakeRate.Id] = result.PerSecond,
            [Metric.P50.Id] = result.P50Milliseconds,
            [Metric.P99.Id] = result.P99Milliseconds,
        };
        if (seconds > 0)
        {
            values[Metric.HandshakesPerCore.Id] = result.Completed / seconds;
            values[Metric.HandshakeCpu.Id] = seconds * MillisecondsPerSecond / result.Completed;
        }

        return new Reading(values);
    }

    private static Reading Describe(PingResult ping)
    {
        LogHistogram histogram = ping.ToHistogram();
        var values = new Dictionary<string, double> { [Metric.PingLoss.Id] = ping.LossPercent };
        if (histogram.Count > 0)
        {
            values[Metric.Jitter.Id] = ping.Jitter / NanosecondsPerMillisecond;
            foreach ((double percent, Metric metric) in Metric.Percentiles)
            {
                if (histogram.Resolves(percent)) values[metric.Id] = histogram.Percentile(percent) / NanosecondsPerMillisecond;
            }
        }

        return new Reading(values, Latency: [.. histogram.Buckets().Select(bucket => new LatencyBucket(bucket.UpperNanoseconds, bucket.Count))]);
    }

    private static ProcessState StateOf(ChildProcess? end) => end is null ? default : ProcessState.Read(end.Id);

    private static double Packets(IperfResult result) => (double)result.Bytes / result.SegmentSize;

    private long ContextSwitches() => _tunnel.Pids.Sum(pid => ProcessState.Read(pid).ContextSwitches);
}
