using Vpr.Io;
using Vpr.Quic.Congestion;

namespace Vpr.Quic.Tests.Congestion;

[Trait("rfc", "9002 §7.7")]
public class PacerTests
{
    private const int Size = 1200;
    private static readonly Instant Start = new(1_000_000_000);

    [Fact]
    public void The_initial_window_goes_at_once()
    {
        Pacer pacer = default;
        pacer.Start(Start, 12_000, TimeSpan.FromMilliseconds(333), true, Size);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(pacer.ReadyAt(Size) <= Start);
            pacer.OnPacketSent(Size);
        }

        Assert.True(pacer.ReadyAt(Size) > Start);
    }

    [Theory]
    [InlineData(100_000, 50, false, 1.25)]
    [InlineData(100_000, 50, true, 2.0)]
    [InlineData(5_000_000, 20, false, 1.25)]
    [InlineData(3_000, 500, false, 1.25)]
    public void Then_the_rate_is_a_little_more_than_a_window_each_round_trip(int window, int rttMilliseconds, bool slowStart, double gain)
    {
        TimeSpan rtt = TimeSpan.FromMilliseconds(rttMilliseconds);
        Pacer pacer = default;
        pacer.Start(Start, (ulong)window, rtt, slowStart, Size);
        while (pacer.ReadyAt(Size) <= Start) pacer.OnPacketSent(Size);

        long sent = 0;
        Instant now = Start;
        while (now < Start + TimeSpan.FromSeconds(10))
        {
            now = pacer.ReadyAt(Size);
            pacer.Update(now, (ulong)window, rtt, slowStart, Size);
            Assert.True(pacer.ReadyAt(Size) <= now);
            pacer.OnPacketSent(Size);
            sent += Size;
        }

        double rate = sent / (now - Start).TotalSeconds;
        double expected = gain * window / rtt.TotalSeconds;
        Assert.InRange(rate, expected * 0.98, expected * 1.02);
    }

    [Fact]
    public void Silence_saves_up_no_more_than_a_burst()
    {
        Pacer pacer = default;
        TimeSpan rtt = TimeSpan.FromMilliseconds(100);
        pacer.Start(Start, 50_000, rtt, false, Size);
        Instant later = Start + TimeSpan.FromSeconds(30);
        pacer.Update(later, 50_000, rtt, false, Size);
        int burst = 0;
        while (pacer.ReadyAt(Size) <= later)
        {
            pacer.OnPacketSent(Size);
            burst++;
        }

        Assert.Equal(10, burst);
    }
}
