using Vpr.Io;
using Vpr.Tunnel.Queueing;

namespace Vpr.Tunnel.Tests.Queueing;

[Trait("rfc", "8289 §5")]
public sealed class CoDelTests
{
    private const int Backlog = 100_000;
    private const int MaxPacket = 1500;

    private CoDel _delay;

    [Fact]
    public void A_delay_below_the_target_is_never_punished()
    {
        for (double now = 0; now < 2000; now++) Assert.False(Judge(now, 4.9));
    }

    [Fact]
    public void A_delay_above_the_target_is_punished_after_an_interval()
    {
        for (double now = 0; now < 100; now++) Assert.False(Judge(now, 6), $"{now} ms");
        Assert.True(Judge(100, 6));
    }

    [Fact]
    public void A_burst_that_drains_within_the_interval_is_not_punished()
    {
        for (double now = 0; now < 1000; now++) Assert.False(Judge(now, now % 90 == 89 ? 1 : 50), $"{now} ms");
    }

    [Fact]
    public void Little_backlog_is_no_queue()
    {
        for (double now = 0; now < 1000; now++) Assert.False(Judge(now, 50, MaxPacket), $"{now} ms");
    }

    [Fact]
    public void Punishments_come_closer_with_the_square_root_of_their_number()
    {
        List<double> times = [];
        for (double now = 0; times.Count < 20; now += 0.1)
            if (Judge(now, 50)) times.Add(now);
        double expected = times[0];
        for (int count = 1; count < times.Count; count++)
        {
            expected += 100 / Math.Sqrt(count);
            Assert.InRange(times[count], expected - 0.2, expected + 0.2);
        }
    }

    [Fact]
    public void Congestion_that_returns_soon_is_met_with_the_former_rate()
    {
        double now = 0;
        int punished = 0;
        for (; punished < 10; now++) punished += Judge(now, 50) ? 1 : 0;
        for (double calm = now + 50; now < calm; now++) Assert.False(Judge(now, 1));
        List<double> times = [];
        for (; times.Count < 2; now += 0.1)
            if (Judge(now, 50)) times.Add(now);
        Assert.InRange(times[1] - times[0], 25, 50);
    }

    [Fact]
    public void Congestion_that_returns_late_begins_gently()
    {
        double now = 0;
        int punished = 0;
        for (; punished < 10; now++) punished += Judge(now, 50) ? 1 : 0;
        for (double calm = now + 2000; now < calm; now++) Assert.False(Judge(now, 1));
        List<double> times = [];
        for (; times.Count < 2; now += 0.1)
            if (Judge(now, 50)) times.Add(now);
        Assert.InRange(times[1] - times[0], 99, 101);
    }

    private bool Judge(double now, double delay, int backlog = Backlog) =>
        _delay.Judge(WaitingPacket.At(10_000 + now), WaitingPacket.At(10_000 + now - delay), backlog, MaxPacket);
}
