using Bench = Vpr.Quic.Tests.Recovery.RecoveryBench<Vpr.Quic.Congestion.NewReno>;

namespace Vpr.Quic.Tests.Recovery;

[Trait("rfc", "9002 §7.8")]
public class WindowUseTests
{
    private const ulong InitialWindow = 10 * Bench.Size;

    [Fact]
    public void Acknowledgements_that_come_together_let_the_window_grow_as_one_would()
    {
        Bench bench = new();
        for (ulong number = 0; number < 10; number++) bench.Send(0, number);
        for (ulong number = 0; number < 10; number += 2) Assert.True(bench.Acknowledge(20, number, number + 1));
        Assert.Equal(2 * InitialWindow, bench.Recovery.CongestionWindow);
    }

    [Fact]
    public void An_application_that_sends_little_gets_no_larger_window()
    {
        Bench bench = new();
        for (ulong number = 0; number < 40; number += 4)
        {
            for (ulong i = 0; i < 4; i++) bench.Send(number * 10, number + i);
            Assert.True(bench.Acknowledge(number * 10 + 20, number, number + 3));
        }

        Assert.Equal(InitialWindow, bench.Recovery.CongestionWindow);
    }

    [Fact]
    public void One_that_is_held_by_the_pacer_does()
    {
        Bench bench = new();
        for (ulong i = 0; i < 4; i++) bench.Send(0, i);
        bench.Recovery.OnHeldByPacer();
        Assert.True(bench.Acknowledge(20, 0, 3));
        Assert.Equal(InitialWindow + 4 * Bench.Size, bench.Recovery.CongestionWindow);

        // The next acknowledgement finds nothing held.
        for (ulong i = 4; i < 8; i++) bench.Send(40, i);
        Assert.True(bench.Acknowledge(60, 4, 7));
        Assert.Equal(InitialWindow + 4 * Bench.Size, bench.Recovery.CongestionWindow);
    }

    [Theory]
    [Trait("rfc", "9002 §7.7")]
    [InlineData(0.2, false)]
    [InlineData(0.9, false)]
    [InlineData(1, true)]
    [InlineData(20, true)]
    public void Only_a_path_that_is_longer_than_a_tick_is_paced(double rttMilliseconds, bool isPaced)
    {
        Bench bench = new();
        bench.Send(0, 0);
        Assert.True(bench.Acknowledge(rttMilliseconds, 0, 0));
        // Late since, so that the rate which follows from the smoothed RTT is a small one.
        bench.Send(10, 1);
        Assert.True(bench.Acknowledge(2000, 1, 1));
        Assert.True(bench.Recovery.PacingDeadline(Bench.At(2000), Bench.Size) <= Bench.At(2000));
        for (ulong number = 2; number < 14; number++) bench.Send(2000, number);
        Assert.Equal(isPaced, bench.Recovery.PacingDeadline(Bench.At(2000), Bench.Size) > Bench.At(2000));
    }
}
