using Vpr.Quic.Recovery;

namespace Vpr.Quic.Tests.Recovery;

[Trait("rfc", "9002 §5")]
public class RttEstimatorTests
{
    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Fact]
    [Trait("rfc", "9002 §6.2.2")]
    public void Before_the_first_sample_a_third_of_a_second_is_assumed()
    {
        RttEstimator rtt = new();
        Assert.False(rtt.HasSample);
        Assert.Equal(Ms(333), rtt.Smoothed);
        Assert.Equal(Ms(999), rtt.ProbeTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §5.3")]
    public void The_first_sample_stands_alone_and_ignores_the_delay()
    {
        RttEstimator rtt = new();
        rtt.Update(Ms(100), Ms(25));
        Assert.Equal((Ms(100), Ms(50), Ms(100)), (rtt.Smoothed, rtt.Variation, rtt.Min));
        Assert.Equal(Ms(300), rtt.ProbeTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §5.3")]
    public void Later_samples_are_weighted_and_lose_the_peers_delay()
    {
        RttEstimator rtt = new();
        rtt.Update(Ms(100), TimeSpan.Zero);
        rtt.Update(Ms(180), Ms(20));
        // adjusted 160: rttvar = 3/4 * 50 + 1/4 * |100 - 160|, smoothed = 7/8 * 100 + 1/8 * 160
        Assert.Equal(Ms(52.5), rtt.Variation);
        Assert.Equal(Ms(107.5), rtt.Smoothed);
        Assert.Equal(Ms(100), rtt.Min);
    }

    [Fact]
    [Trait("rfc", "9002 §5.3")]
    public void A_delay_that_would_undercut_the_minimum_is_not_believed()
    {
        RttEstimator rtt = new();
        rtt.Update(Ms(100), TimeSpan.Zero);
        rtt.Update(Ms(110), Ms(20));
        Assert.Equal(Ms(101.25), rtt.Smoothed);
    }

    [Fact]
    [Trait("rfc", "9002 §5.2")]
    public void The_minimum_takes_samples_without_correction()
    {
        RttEstimator rtt = new();
        rtt.Update(Ms(100), TimeSpan.Zero);
        rtt.Update(Ms(60), Ms(50));
        Assert.Equal(Ms(60), rtt.Min);
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.1")]
    public void A_steady_path_still_leaves_the_granularity()
    {
        RttEstimator rtt = new();
        for (int i = 0; i < 200; i++) rtt.Update(Ms(10), TimeSpan.Zero);
        Assert.Equal(rtt.Smoothed + Ms(1), rtt.ProbeTimeout);
    }
}
