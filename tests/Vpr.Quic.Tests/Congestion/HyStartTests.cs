using Vpr.Io;
using Vpr.Quic.Congestion;

namespace Vpr.Quic.Tests.Congestion;

[Trait("rfc", "9406 §4.2")]
public class HyStartTests
{
    private HyStart _hyStart;
    private Instant _now = new(1_000_000_000);

    [Fact]
    public void A_steady_round_trip_never_ends_slow_start()
    {
        for (int round = 0; round < 100; round++) Assert.False(Round(50, 20));
        Assert.False(_hyStart.IsConservative);
    }

    [Theory]
    [InlineData(50, 56, false)] // less than an eighth more
    [InlineData(50, 57, true)]
    [InlineData(8, 11, false)] // less than 4 ms more
    [InlineData(8, 12, true)]
    [InlineData(400, 415, false)] // less than 16 ms more
    [InlineData(400, 416, true)]
    [Trait("rfc", "9406 §4.3")]
    public void A_rise_by_an_eighth_within_limits_slows_growth(double before, double after, bool slows)
    {
        Round(before, 20);
        Round(before, 20);
        Round(after, 20);
        Assert.Equal(slows, _hyStart.IsConservative);
        Assert.Equal(slows ? 300.0 : 1200.0, _hyStart.Growth(1200));
    }

    [Fact]
    public void Five_rounds_later_slow_start_ends()
    {
        Round(50, 20);
        Round(50, 20);
        for (int round = 0; round < 5; round++) Assert.False(Round(80, 20));
        Assert.True(Round(80, 20));
    }

    [Fact]
    public void A_rise_that_goes_away_was_no_queue()
    {
        Round(50, 20);
        Round(50, 20);
        Round(80, 20);
        Assert.True(_hyStart.IsConservative);
        Round(50, 20);
        Assert.False(_hyStart.IsConservative);
    }

    [Fact]
    public void Too_few_samples_say_nothing()
    {
        Round(50, 20);
        Round(50, 20);
        Round(90, 7);
        Assert.False(_hyStart.IsConservative);
    }

    /// <summary>Acknowledgements of packets that were all sent as the round began; the first of them ends the round before.</summary>
    private bool Round(double milliseconds, int samples)
    {
        TimeSpan rtt = TimeSpan.FromMilliseconds(milliseconds);
        Instant sent = _now;
        _now += rtt;
        bool leaves = false;
        for (int i = 0; i < samples; i++)
            leaves |= _hyStart.OnAcknowledgement(new AcknowledgementFacts(_now, rtt, 0, new RttSample(rtt, sent)));
        return leaves;
    }
}
