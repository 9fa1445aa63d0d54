using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;
using Bench = Vpr.Quic.Tests.Recovery.RecoveryBench<Vpr.Quic.Congestion.NewReno>;

namespace Vpr.Quic.Tests.Recovery;

[Trait("rfc", "9000 §13.4.2")]
public class EcnValidatorTests
{
    private const SentPacketTraits Marked = SentPacketTraits.AckEliciting | SentPacketTraits.InFlight | SentPacketTraits.Ect0;

    [Fact]
    public void Ten_packets_are_marked_then_none_until_one_is_known_to_have_kept_its_mark()
    {
        Bench bench = new(useEcn: true);
        for (ulong number = 0; number < 10; number++)
        {
            Assert.Equal(EcnCodepoint.Ect0, bench.Recovery.EcnMark);
            bench.Send(0, number, traits: Marked);
        }

        Assert.Equal(EcnCodepoint.NotEct, bench.Recovery.EcnMark);
        bench.Acknowledge(50, 0, 9, ecn: new EcnCounts(10, 0, 0));
        Assert.Equal(EcnCodepoint.Ect0, bench.Recovery.EcnMark);
    }

    public static TheoryData<ulong, ulong, ulong> BrokenCounts => new()
    {
        { 1, 0, 0 }, // fewer than were marked
        { 2, 1, 0 }, // ECT(1), which we never send
        { 99, 0, 0 }, // more than were sent
    };

    [Theory]
    [MemberData(nameof(BrokenCounts))]
    [Trait("rfc", "9000 §13.4.2.1")]
    public void Counts_that_cannot_be_true_end_marking(ulong ect0, ulong ect1, ulong ce)
    {
        Bench bench = new(useEcn: true);
        bench.Send(0, 0, traits: Marked);
        bench.Send(0, 1, traits: Marked);
        bench.Acknowledge(50, 0, 1, ecn: new EcnCounts(ect0, ect1, ce));
        Assert.Equal(EcnCodepoint.NotEct, bench.Recovery.EcnMark);
    }

    [Fact]
    [Trait("rfc", "9000 §13.4.2.1")]
    public void An_acknowledgement_without_counts_ends_marking()
    {
        Bench bench = new(useEcn: true);
        bench.Send(0, 0, traits: Marked);
        bench.Acknowledge(50, 0, 0);
        Assert.Equal(EcnCodepoint.NotEct, bench.Recovery.EcnMark);
    }

    [Fact]
    public void When_every_marked_packet_is_lost_marking_ends()
    {
        EcnValidator ecn = default;
        ecn.Start();
        for (int i = 0; i < 10; i++) ecn.OnMarkedPacketSent();
        for (int i = 0; i < 10; i++) ecn.OnMarkedPacketLost();
        Assert.False(ecn.OnAcknowledgement(PacketNumberSpace.Application, new EcnCounts(0, 0, 0), 0));
        Assert.Equal(EcnCodepoint.NotEct, ecn.Mark);
        Assert.False(ecn.IsCapable);
    }

    [Fact]
    [Trait("rfc", "9002 §7.1")]
    public void A_congestion_mark_reduces_the_window_once_a_round_trip()
    {
        Bench bench = new(useEcn: true);
        for (ulong number = 0; number < 9; number++) bench.Send(0, number, traits: Marked);
        ulong window = bench.Recovery.CongestionWindow;
        bench.Acknowledge(50, 0, 3, ecn: new EcnCounts(3, 0, 1));
        Assert.Equal(window / 2, bench.Recovery.CongestionWindow);
        Assert.Equal(EcnCodepoint.Ect0, bench.Recovery.EcnMark);
        bench.Acknowledge(51, 4, 8, ecn: new EcnCounts(7, 0, 2));
        Assert.Equal(window / 2, bench.Recovery.CongestionWindow);
    }

    [Fact]
    [Trait("rfc", "9000 §13.4.1")]
    public void Each_packet_number_space_has_counts_of_its_own()
    {
        Bench bench = new(useEcn: true);
        foreach (PacketNumberSpace space in new[] { PacketNumberSpace.Initial, PacketNumberSpace.Handshake, PacketNumberSpace.Application })
        {
            bench.Send(0, 0, space, Marked);
            bench.Acknowledge(50, 0, 0, space, ecn: new EcnCounts(1, 0, 0));
        }

        for (ulong number = 1; number < 30; number++) bench.Send(60, number, traits: SentPacketTraits.AckEliciting | SentPacketTraits.InFlight);
        Assert.Equal(EcnCodepoint.Ect0, bench.Recovery.EcnMark);
    }
}
