using Vpr.Io;
using Vpr.Quic.Congestion;

namespace Vpr.Quic.Tests.Congestion;

[Trait("rfc", "9438")]
public class CubicTests
{
    private const int Segment = 1200;
    private static readonly Instant Start = new(1_000_000_000);

    private Cubic _cubic;
    private Instant _now = Start;

    public CubicTests() => _cubic.Start(Segment);

    private double Segments => (double)_cubic.Window / Segment;

    [Fact]
    [Trait("rfc", "9438 §4.2")]
    public void The_window_follows_the_cubic_around_the_last_maximum()
    {
        GrowTo(200);
        double max = Segments;
        Reduce();
        Assert.Equal(max * 0.7, Segments, 0.01);
        double k = Math.Cbrt(max * 0.3 / 0.4);
        TimeSpan rtt = TimeSpan.FromMilliseconds(100);
        Instant epoch = _now;
        foreach (double time in new[] { k / 2, k, k + 2, k + 4 })
        {
            while ((_now - epoch).TotalSeconds < time) RoundTrip(rtt);
            double t = (_now - epoch).TotalSeconds;
            double expected = 0.4 * Math.Pow(t - k, 3) + max;
            Assert.InRange(Segments, expected * 0.98, expected * 1.02);
        }
    }

    [Fact]
    [Trait("rfc", "9438 §4.3")]
    public void A_short_round_trip_grows_at_least_as_Reno_would()
    {
        GrowTo(20);
        double prior = Segments;
        Reduce();
        double estimate = Segments;
        for (int i = 0; i < 40; i++)
        {
            RoundTrip(TimeSpan.FromMilliseconds(10));
            estimate += estimate < prior ? 3 * 0.3 / 1.7 : 1;
            Assert.InRange(Segments, estimate - 1.5, estimate + 1.5);
        }
    }

    [Fact]
    [Trait("rfc", "9438 §4.7")]
    public void A_window_that_shrinks_twice_gives_way()
    {
        GrowTo(100);
        double first = Segments;
        Reduce();
        double second = Segments;
        Reduce();
        // W_max is now (1 + 0.7) / 2 of the smaller window, so the plateau lies below it.
        double plateau = second * 0.85;
        double k = Math.Cbrt((plateau - second * 0.7) / 0.4);
        Instant epoch = _now;
        while ((_now - epoch).TotalSeconds < k) RoundTrip(TimeSpan.FromMilliseconds(300));
        Assert.InRange(Segments, plateau * 0.97, plateau * 1.03);
        Assert.True(plateau < first * 0.7);
    }

    [Fact]
    [Trait("rfc", "9438 §4.6")]
    public void Losses_of_one_flight_reduce_once()
    {
        GrowTo(50);
        Instant sent = _now;
        _now += TimeSpan.FromMilliseconds(50);
        _cubic.OnCongestion(_now, sent);
        ulong reduced = _cubic.Window;
        _cubic.OnCongestion(_now + TimeSpan.FromMilliseconds(1), sent + TimeSpan.FromMilliseconds(10));
        Assert.Equal(reduced, _cubic.Window);
        _cubic.OnCongestion(_now + TimeSpan.FromMilliseconds(2), _now + TimeSpan.FromMilliseconds(1));
        Assert.True(_cubic.Window < reduced);
    }

    [Fact]
    [Trait("rfc", "9438 §5.8")]
    public void Time_without_use_of_the_window_is_no_growth()
    {
        GrowTo(100);
        Reduce();
        for (int i = 0; i < 10; i++) RoundTrip(TimeSpan.FromMilliseconds(100));
        double before = Segments;
        for (int i = 0; i < 600; i++)
        {
            _now += TimeSpan.FromMilliseconds(100);
            _cubic.OnPacketAcknowledged(_now, Segment);
            _cubic.OnAcknowledgement(Facts(TimeSpan.FromMilliseconds(100), inFlight: Segment));
        }

        Assert.Equal(before, Segments);
        RoundTrip(TimeSpan.FromMilliseconds(100));
        Assert.InRange(Segments, before, before * 1.05);
    }

    [Fact]
    [Trait("rfc", "9438 §4.8")]
    public void After_persistent_congestion_slow_start_ends_at_the_threshold()
    {
        GrowTo(100);
        Reduce();
        double threshold = Segments;
        _cubic.OnPersistentCongestion();
        Assert.Equal(2, Segments);
        Assert.True(_cubic.InSlowStart);
        while (_cubic.InSlowStart) RoundTrip(TimeSpan.FromMilliseconds(20));
        Assert.InRange(Segments, threshold, threshold * 2);
    }

    [Fact]
    [Trait("rfc", "9002 §7.2")]
    public void The_window_never_falls_below_two_datagrams()
    {
        for (int i = 0; i < 50; i++) Reduce();
        Assert.Equal(2, Segments);
    }

    private void GrowTo(int segments)
    {
        while (Segments < segments) RoundTrip(TimeSpan.FromMilliseconds(10));
    }

    private void Reduce()
    {
        _now += TimeSpan.FromMilliseconds(1);
        _cubic.OnCongestion(_now, _now);
    }

    /// <summary>One window of packets, acknowledged evenly over a round trip.</summary>
    private void RoundTrip(TimeSpan rtt)
    {
        int packets = Math.Max(1, (int)(_cubic.Window / Segment));
        Instant begin = _now;
        for (int i = 1; i <= packets; i++)
        {
            _now = begin + rtt * ((double)i / packets);
            _cubic.OnPacketAcknowledged(_now, Segment);
            _cubic.OnAcknowledgement(Facts(rtt, _cubic.Window));
        }
    }

    private AcknowledgementFacts Facts(TimeSpan rtt, ulong inFlight) => new(_now, rtt, inFlight, null);
}
