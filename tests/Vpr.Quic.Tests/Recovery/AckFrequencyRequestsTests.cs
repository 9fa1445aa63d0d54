using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Recovery;

/// <summary>What a sender asks for: draft-ietf-quic-ack-frequency §7, §8, §9.</summary>
public class AckFrequencyRequestsTests
{
    private static readonly Instant Start = new(1_000_000_000);
    private readonly AckFrequencyRequests _requests = new();
    private RttEstimator _rtt = new();

    public AckFrequencyRequestsTests()
    {
        _requests.OnPeerParameters(TimeSpan.FromMilliseconds(25), 1000);
        _rtt.Update(TimeSpan.FromMilliseconds(40), TimeSpan.Zero);
    }

    [Theory]
    [InlineData(10UL, 1UL)]
    [InlineData(80UL, 9UL)]
    [InlineData(512UL, 63UL)]
    [InlineData(100_000UL, 63UL)]
    public void A_bulk_is_acknowledged_in_eighths_of_the_window_and_quarters_of_a_round_trip(ulong windowPackets, ulong threshold)
    {
        Consider(Start, windowPackets);
        Assert.True(_requests.IsDue);
        Assert.Equal(new AckFrequencyFrame(0, threshold, 10_000, 3), _requests.Take(Start, _rtt.Smoothed));
        Assert.False(_requests.IsDue);
    }

    [Theory]
    [InlineData(10UL, 1UL)]
    [InlineData(160UL, 9UL)]
    [InlineData(1024UL, 63UL)]
    [Trait("rfc", "9406 §4.3")]
    public void In_slow_start_it_is_sixteenths_of_the_window(ulong windowPackets, ulong threshold)
    {
        Consider(Start, windowPackets, inSlowStart: true);
        Assert.Equal(threshold, _requests.Take(Start, _rtt.Smoothed).AckElicitingThreshold);
    }

    [Fact]
    public void Nothing_is_asked_before_there_is_a_bulk_or_a_round_trip_time()
    {
        Consider(Start, datagrams: AckFrequencyRequests.BulkDatagrams - 1);
        Assert.False(_requests.IsDue);
        _rtt = new RttEstimator();
        Consider(Start);
        Assert.False(_requests.IsDue);
    }

    [Fact]
    public void Nothing_is_asked_of_a_peer_that_did_not_offer()
    {
        _requests.OnPeerParameters(TimeSpan.FromMilliseconds(25), null);
        Assert.False(_requests.IsSupported);
        Consider(Start);
        Assert.False(_requests.IsDue);
    }

    [Theory]
    [InlineData(2_000UL, 0UL)] // a path of 1.5 ms is quicker than the peer's timer
    [InlineData(1_500UL, 1_500UL)]
    [InlineData(0UL, 375UL)]
    public void The_delay_is_never_below_what_the_peer_can_do(ulong minAckDelay, ulong delay)
    {
        _requests.OnPeerParameters(TimeSpan.FromMilliseconds(25), minAckDelay);
        _rtt = new RttEstimator();
        _rtt.Update(TimeSpan.FromMilliseconds(1.5), TimeSpan.Zero);
        Consider(Start);
        Assert.Equal(delay != 0, _requests.IsDue);
        if (delay != 0) Assert.Equal(delay, _requests.Take(Start, _rtt.Smoothed).RequestedMaxAckDelay);
    }

    [Fact]
    public void The_delay_is_always_valid()
    {
        _rtt = new RttEstimator();
        _rtt.Update(TimeSpan.FromMinutes(2), TimeSpan.Zero);
        Consider(Start);
        Assert.Equal(((1UL << 14) - 1) * 1000, _requests.Take(Start, _rtt.Smoothed).RequestedMaxAckDelay);
    }

    [Fact]
    public void Until_it_is_acknowledged_the_greater_delay_counts()
    {
        Consider(Start);
        _requests.Take(Start, _rtt.Smoothed);
        Assert.Equal(TimeSpan.FromMilliseconds(25), _requests.PeerMaxAckDelay);
        _requests.OnAcknowledged(0);
        Assert.Equal(TimeSpan.FromMilliseconds(10), _requests.PeerMaxAckDelay);

        Slow(to: 200);
        Consider(Start + TimeSpan.FromSeconds(1));
        AckFrequencyFrame second = _requests.Take(Start + TimeSpan.FromSeconds(1), _rtt.Smoothed);
        TimeSpan asked = TimeSpan.FromMicroseconds(second.RequestedMaxAckDelay);
        Assert.InRange(asked.TotalMilliseconds, 45, 50);
        Assert.Equal(asked, _requests.PeerMaxAckDelay);
        // A lost one may come yet.
        _requests.OnLost(1);
        Assert.Equal(asked, _requests.PeerMaxAckDelay);
        Assert.Equal(2UL, _requests.Take(Start + TimeSpan.FromSeconds(2), _rtt.Smoothed).SequenceNumber);
        _requests.OnAcknowledged(1);
        Assert.Equal(asked, _requests.PeerMaxAckDelay);
        _requests.OnAcknowledged(2);
        Assert.Equal(asked, _requests.PeerMaxAckDelay);
    }

    [Fact]
    public void Only_what_matters_is_asked_again_and_once_in_a_round_trip_at_most()
    {
        Consider(Start, windowPackets: 160);
        _requests.Take(Start, _rtt.Smoothed);
        Instant later = Start + TimeSpan.FromSeconds(1);
        Consider(later, windowPackets: 400);
        Assert.False(_requests.IsDue); // the first is still on its way
        _requests.OnAcknowledged(0);
        Consider(Start + TimeSpan.FromMilliseconds(39), windowPackets: 400);
        Assert.False(_requests.IsDue); // too soon
        Consider(later, windowPackets: 160 * 7 / 10);
        Assert.False(_requests.IsDue); // a loss as any other
        Consider(later, windowPackets: 400);
        Assert.True(_requests.IsDue);
        Assert.Equal(new AckFrequencyFrame(1, 49, 10_000, 3), _requests.Take(later, _rtt.Smoothed));
    }

    [Fact]
    public void A_lost_request_is_asked_again_with_another_number_and_an_older_one_is_forgotten()
    {
        Consider(Start);
        Assert.Equal(0UL, _requests.Take(Start, _rtt.Smoothed).SequenceNumber);
        _requests.OnLost(0);
        Assert.True(_requests.IsDue);
        Assert.Equal(1UL, _requests.Take(Start, _rtt.Smoothed).SequenceNumber);
        _requests.OnLost(0);
        Assert.False(_requests.IsDue);
        _requests.OnAcknowledged(1);
        _requests.OnLost(1);
        Assert.False(_requests.IsDue);
    }

    [Fact]
    public void Another_path_is_asked_for_anew()
    {
        Consider(Start);
        _requests.Take(Start, _rtt.Smoothed);
        _requests.OnAcknowledged(0);
        Instant later = Start + TimeSpan.FromSeconds(1);
        Consider(later);
        Assert.False(_requests.IsDue);
        _requests.OnPathChanged();
        Consider(later);
        Assert.True(_requests.IsDue);
    }

    private void Consider(Instant now, ulong windowPackets = 1000, ulong datagrams = AckFrequencyRequests.BulkDatagrams, bool inSlowStart = false) =>
        _requests.Consider(now, _rtt, windowPackets, inSlowStart, datagrams);

    private void Slow(double to)
    {
        for (int i = 0; i < 20; i++) _rtt.Update(TimeSpan.FromMilliseconds(to), TimeSpan.Zero);
    }
}
