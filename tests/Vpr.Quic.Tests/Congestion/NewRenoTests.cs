using Vpr.Io;
using Vpr.Quic.Congestion;

namespace Vpr.Quic.Tests.Congestion;

[Trait("rfc", "9002 §7")]
public class NewRenoTests
{
    private const int Size = 1200;
    private static readonly TimeSpan Rtt = TimeSpan.FromMilliseconds(50);
    private NewReno _reno;
    private Instant _now = new(1_000_000_000);

    public NewRenoTests() => _reno.Start(Size);

    [Theory]
    [InlineData(1200, 12_000)]
    [InlineData(1472, 14_720)]
    [InlineData(9000, 18_000)]
    [Trait("rfc", "9002 §7.2")]
    public void The_initial_window_is_ten_datagrams_within_limits(int size, ulong window)
    {
        _reno.Start(size);
        Assert.Equal(window, _reno.Window);
    }

    [Fact]
    [Trait("rfc", "9002 §7.3.1")]
    public void Slow_start_grows_by_what_is_acknowledged()
    {
        Acknowledge(3);
        Assert.Equal(12_000UL + 3 * Size, _reno.Window);
    }

    [Fact]
    [Trait("rfc", "9002 §7.3.3")]
    public void Avoidance_grows_by_one_datagram_a_window()
    {
        _reno.OnCongestion(_now, _now);
        ulong window = _reno.Window;
        _now += Rtt;
        Acknowledge((int)(window / Size));
        Assert.Equal(window + Size, _reno.Window);
    }

    [Fact]
    [Trait("rfc", "9002 §7.3.2")]
    public void Packets_sent_before_recovery_do_not_grow_the_window()
    {
        Instant sent = _now;
        _now += Rtt;
        _reno.OnCongestion(_now, sent);
        ulong window = _reno.Window;
        for (int i = 0; i < 20; i++) _reno.OnPacketAcknowledged(sent, Size);
        _reno.OnAcknowledgement(new(_now, Rtt, window, null));
        Assert.Equal(window, _reno.Window);
    }

    [Fact]
    [Trait("rfc", "9002 §7.8")]
    public void A_window_that_is_not_used_does_not_grow()
    {
        _reno.OnPacketAcknowledged(_now, Size);
        _reno.OnAcknowledgement(new(_now, Rtt, Size, null));
        Assert.Equal(12_000UL, _reno.Window);
    }

    private void Acknowledge(int packets)
    {
        for (int i = 0; i < packets; i++) _reno.OnPacketAcknowledged(_now, Size);
        _reno.OnAcknowledgement(new(_now, Rtt, _reno.Window, null));
    }
}
