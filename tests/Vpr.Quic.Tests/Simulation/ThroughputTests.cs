using Vpr.Testing;
using Xunit.Abstractions;

namespace Vpr.Quic.Tests.Simulation;

/// <summary>How much of a path a bulk transfer uses: what congestion control, pacing, flow control and loss recovery come to together.</summary>
public class ThroughputTests(ITestOutputHelper output)
{
    public static TheoryData<string, double, double, double, double, int, double> Paths => new()
    {
        // name, Mbit/s, one-way ms, queue in bandwidth-delay products, loss, megabytes, least share of the rate
        { "home", 50, 10, 1, 0, 12, 0.85 },
        { "short queue", 50, 20, 0.3, 0, 12, 0.70 },
        { "deep queue", 20, 20, 4, 0, 8, 0.85 },
        { "far away", 100, 100, 1, 0, 40, 0.50 },
        { "slow", 1, 50, 1, 0, 1, 0.80 },
        { "fast link", 2500, 0.1, 8, 0, 60, 0.85 },
        { "lossy", 20, 15, 1, 0.001, 8, 0.60 },
        { "very lossy", 20, 15, 1, 0.02, 4, 0.10 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_transfer_uses_its_share_of_the_path(string name, double megabits, double delay, double queue, double loss, int megabytes, double share)
    {
        double rate = megabits * 1e6;
        int bandwidthDelay = (int)(rate / 8 * 2 * delay / 1000);
        BottleneckLink bottleneck = new(rate, Math.Max(10_000, (int)(bandwidthDelay * queue)));
        // What is unacknowledged is kept: a sender that wants a long path filled keeps that much.
        PairOptions options = new() { Client = new TransportOptions { MaxStreamSendBuffer = Math.Max(1 << 20, bandwidthDelay * 3) } };
        using EndpointPair pair = new(1, options, new DelayLink(TimeSpan.FromMilliseconds(delay)), new LossLink(loss), bottleneck);
        double achieved = new BulkTransfer(pair, megabytes * 1_000_000L).Run(TimeSpan.FromMinutes(10));
        TransportStatistics sent = pair.ClientConnection.Statistics;
        output.WriteLine($"{name}: {achieved / 1e6:F1} of {megabits} Mbit/s ({achieved / rate:P0}), {sent.PacketsSent} packets, {sent.PacketsLost} lost, {bottleneck.Dropped} dropped, rtt {sent.SmoothedRtt.TotalMilliseconds:F0} ms, window {sent.CongestionWindow}, mtu {sent.MaxUdpPayload}");
        Assert.True(achieved / rate >= share, $"{achieved / 1e6:F1} of {megabits} Mbit/s");
        // A packet taken for lost that was not costs the path twice.
        double expectedLoss = bottleneck.Dropped + sent.PacketsSent * loss;
        Assert.True(sent.PacketsLost <= expectedLoss * 1.5 + 10, $"{sent.PacketsLost} taken for lost, about {expectedLoss:F0} were");
    }

    [Fact]
    [Trait("rfc", "9000 §13.4")]
    public void A_bottleneck_that_marks_has_to_drop_nothing_after_slow_start()
    {
        BottleneckLink bottleneck = new(20e6, queueBytes: 400_000, markAboveBytes: 60_000);
        using EndpointPair pair = new(1, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(15)), bottleneck);
        double achieved = new BulkTransfer(pair, 8_000_000).Run(TimeSpan.FromMinutes(1));
        output.WriteLine($"{achieved / 1e6:F1} of 20 Mbit/s, {bottleneck.Marked} marked, {bottleneck.Dropped} dropped");
        Assert.True(bottleneck.Marked > 0);
        Assert.Equal(0, bottleneck.Dropped);
        Assert.Equal(0UL, pair.ClientConnection.Statistics.PacketsLost);
        Assert.True(achieved > 20e6 * 0.8);
    }
}
