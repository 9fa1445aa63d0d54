using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;
using Bench = Vpr.Quic.Tests.Recovery.RecoveryBench<Vpr.Quic.Congestion.NewReno>;

namespace Vpr.Quic.Tests.Recovery;

[Trait("rfc", "9002 §7.6")]
public class PersistentCongestionTests
{
    /// <summary>The table of RFC 9002 §7.6.3, with the round trip chosen so that three probe timeouts are six seconds as there.</summary>
    [Fact]
    [Trait("rfc", "9002 §7.6.3")]
    public void The_RFCs_example_collapses_the_window()
    {
        Bench bench = Example(lastLost: 8000);
        Assert.Equal(CongestionWindow.Minimum(Bench.Size), bench.Recovery.CongestionWindow);
        Assert.Equal([2UL, 3, 4, 5, 6, 7, 8], bench.Frames.Lost.Select(frame => frame.Offset).Order().ToArray());
    }

    [Fact]
    [Trait("rfc", "9002 §7.6.3")]
    public void A_shorter_time_without_acknowledgement_only_halves_the_window()
    {
        Bench bench = Example(lastLost: 6900);
        Assert.True(bench.Recovery.CongestionWindow > CongestionWindow.Minimum(Bench.Size));
    }

    [Fact]
    [Trait("rfc", "9002 §7.6.2")]
    public void An_acknowledged_packet_between_two_lost_ones_ends_the_count()
    {
        PersistentCongestionDetector detector = new(Bench.At(0));
        detector.OnLost(Bench.At(1000));
        detector.OnLost(Bench.At(4000));
        detector.OnAcknowledged();
        detector.OnLost(Bench.At(5000));
        detector.OnLost(Bench.At(7000));
        Assert.Equal(TimeSpan.FromSeconds(3), detector.Longest);
    }

    [Fact]
    [Trait("rfc", "9002 §7.6.2")]
    public void Packets_sent_before_the_first_sample_do_not_count()
    {
        PersistentCongestionDetector detector = new(Bench.At(2000));
        detector.OnLost(Bench.At(1000));
        detector.OnLost(Bench.At(2000));
        detector.OnLost(Bench.At(3000));
        detector.OnLost(Bench.At(4000));
        Assert.Equal(TimeSpan.FromSeconds(1), detector.Longest);
    }

    private static Bench Example(double lastLost)
    {
        Bench bench = new();
        // A steady second of round trip, told by a space of its own, so that the numbers below are those of the table.
        for (ulong number = 0; number < 50; number++)
        {
            double sent = -60_000 + number * 100.0;
            bench.Send(sent, number, PacketNumberSpace.Handshake);
            bench.Acknowledge(sent + 1000, number, number, PacketNumberSpace.Handshake);
        }

        bench.Send(0, 1);
        bench.Send(1000, 2);
        bench.Acknowledge(1200, 1, 1);
        // The last acknowledgement brings a sample too: with it three probe timeouts are to be six seconds.
        RttEstimator atTheEnd = bench.Recovery.Rtt;
        atTheEnd.Update(TimeSpan.FromMilliseconds(200), TimeSpan.Zero);
        bench.Recovery.PeerMaxAckDelay = TimeSpan.FromSeconds(2) - atTheEnd.ProbeTimeout;
        for (ulong number = 3; number <= 7; number++) bench.Send(2000 + (number - 3) * 1000, number);
        bench.Send(lastLost, 8);
        bench.Send(12_000, 9);
        ulong before = bench.Recovery.CongestionWindow;
        bench.Acknowledge(12_200, 9, 9);
        Assert.True(bench.Recovery.CongestionWindow < before);
        return bench;
    }
}
