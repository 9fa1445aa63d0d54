using Vpr.Io;
using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;
using Vpr.Testing;
using static Vpr.Quic.Recovery.PacketNumberSpace;
using Bench = Vpr.Quic.Tests.Recovery.RecoveryBench<Vpr.Quic.Congestion.NewReno>;

namespace Vpr.Quic.Tests.Recovery;

public class LossDetectionTests
{
    private readonly Bench _bench = new();

    private LossRecovery<NewReno> Recovery => _bench.Recovery;

    private ulong[] Lost => [.. _bench.Frames.Lost.Select(frame => frame.Offset)];

    private ulong[] Acknowledged => [.. _bench.Frames.Acknowledged.Select(frame => frame.Offset)];

    [Fact]
    [Trait("rfc", "9002 §6.1.1")]
    public void Three_later_packets_make_a_packet_lost_and_two_do_not()
    {
        for (ulong number = 0; number < 4; number++) _bench.Send(number, number);
        _bench.Acknowledge(50, 2, 2);
        Assert.Empty(Lost);
        _bench.Acknowledge(51, 3, 3);
        Assert.Equal([0UL], Lost);
        Assert.Equal([2UL, 3], Acknowledged);
        Assert.Equal(1UL, Recovery.PacketsLost);
    }

    [Fact]
    [Trait("rfc", "9002 §6.1.2")]
    public void Time_makes_a_packet_lost_after_nine_eighths_of_a_round_trip()
    {
        _bench.Send(0, 0);
        _bench.Send(8, 1);
        _bench.Acknowledge(88, 1, 1);
        Assert.Empty(Lost);
        Assert.Equal(Bench.At(90), Recovery.NextTimeout);
        Assert.False(Recovery.OnTimeout(Bench.At(89.9)));
        Assert.True(Recovery.OnTimeout(Bench.At(90)));
        Assert.Equal([0UL], Lost);
        Assert.Equal(0, Recovery.PtoCount);
        Assert.Equal(Instant.Never, Recovery.NextTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §6.1")]
    public void A_packet_after_the_largest_acknowledged_is_never_lost()
    {
        for (ulong number = 0; number < 10; number++) _bench.Send(0, number);
        _bench.Acknowledge(5000, 0, 2);
        Assert.Empty(Lost);
    }

    [Fact]
    [Trait("rfc", "9000 §13.1")]
    public void Acknowledging_a_packet_never_sent_is_refused()
    {
        _bench.Send(0, 0);
        Assert.False(_bench.Acknowledge(1, 0, 1));
    }

    [Fact]
    [Trait("rfc", "9000 §21.4")]
    public void Acknowledging_a_skipped_number_is_refused()
    {
        _bench.Send(0, 0);
        _bench.Send(0, 2);
        Assert.False(_bench.Acknowledge(1, 0, 2));
    }

    [Fact]
    [Trait("rfc", "9000 §21.4")]
    public void A_number_skipped_while_nothing_is_outstanding_is_refused_too()
    {
        _bench.Send(0, 0);
        _bench.Acknowledge(1, 0, 0);
        _bench.Send(2, 2);
        Assert.False(_bench.Acknowledge(3, 0, 2));
    }

    [Fact]
    public void Acknowledgements_repeated_or_late_change_nothing()
    {
        for (ulong number = 0; number < 6; number++) _bench.Send(number, number);
        _bench.Acknowledge(50, 4, 5);
        ulong window = Recovery.CongestionWindow;
        ulong inFlight = Recovery.BytesInFlight;
        _bench.Acknowledge(60, 4, 5);
        _bench.Acknowledge(61, 0, 1);
        Assert.Equal(inFlight, Recovery.BytesInFlight);
        Assert.Equal(window, Recovery.CongestionWindow);
        Assert.Equal([4UL, 5], Acknowledged);
    }

    [Fact]
    [Trait("rfc", "9002 §5.1")]
    public void A_round_trip_is_measured_on_the_largest_packet_when_it_is_new_and_something_elicited()
    {
        _bench.Send(0, 0);
        _bench.Send(10, 1);
        _bench.Acknowledge(60, 1, 1);
        Assert.Equal(TimeSpan.FromMilliseconds(50), Recovery.Rtt.Latest);
        // The largest is not new: no sample, although packet 0 is.
        _bench.Acknowledge(500, 0, 1);
        Assert.Equal(TimeSpan.FromMilliseconds(50), Recovery.Rtt.Latest);
    }

    [Fact]
    [Trait("rfc", "9002 §5.3")]
    public void The_delay_of_the_peer_is_limited_once_the_handshake_is_confirmed()
    {
        Recovery.PeerMaxAckDelay = TimeSpan.FromMilliseconds(10);
        _bench.Send(0, 0);
        _bench.Acknowledge(100, 0, 0);
        _bench.Send(200, 1);
        _bench.Acknowledge(400, 1, 1, ackDelay: 90);
        // 200 - 10, not 200 - 90: smoothed = 7/8 * 100 + 1/8 * 190
        Assert.Equal(TimeSpan.FromMilliseconds(111.25), Recovery.Rtt.Smoothed);
    }

    [Fact]
    [Trait("rfc", "9002 §6.4")]
    public void Discarding_a_space_takes_its_packets_out_of_flight_without_loss()
    {
        _bench.Send(0, 0, Handshake);
        _bench.Send(0, 0);
        Recovery.DiscardSpace(Bench.At(1), Handshake);
        Assert.Equal((ulong)Bench.Size, Recovery.BytesInFlight);
        Assert.Empty(Lost);
    }

    [Fact]
    [Trait("rfc", "9002 §6.3")]
    public void After_Retry_everything_is_sent_again_and_nothing_counts_as_lost()
    {
        _bench.Send(0, 0, Initial);
        _bench.Send(0, 1, Initial);
        Recovery.RequeueSpace(Bench.At(1), Initial);
        Assert.Equal([0UL, 1], Lost);
        Assert.Equal(0UL, Recovery.PacketsLost);
        Assert.Equal(0UL, Recovery.BytesInFlight);
    }

    [Fact]
    [Trait("rfc", "9000 §14.4")]
    public void A_lost_MTU_probe_is_told_and_is_no_congestion()
    {
        SentPacketTraits probe = SentPacketTraits.AckEliciting | SentPacketTraits.InFlight | SentPacketTraits.MtuProbe;
        _bench.Send(0, 0, traits: probe, size: 1400);
        for (ulong number = 1; number < 5; number++) _bench.Send(1, number);
        ulong window = Recovery.CongestionWindow;
        _bench.Acknowledge(50, 1, 4);
        Assert.Equal([1400], _bench.Frames.ProbesLost);
        Assert.True(Recovery.CongestionWindow >= window);
        _bench.Send(60, 5, traits: probe, size: 1350);
        _bench.Acknowledge(100, 5, 5);
        Assert.Equal([1350], _bench.Frames.ProbesAcknowledged);
    }

    [Fact]
    [Trait("rfc", "9000 §9.4")]
    public void Packets_of_an_old_path_count_for_nothing_on_the_new_one_but_their_frames_do()
    {
        for (ulong number = 0; number < 5; number++) _bench.Send(0, number);
        Recovery.OnPathChanged(Bench.At(10), Bench.Size);
        Assert.Equal(0UL, Recovery.BytesInFlight);
        ulong window = Recovery.CongestionWindow;
        _bench.Acknowledge(50, 4, 4);
        Assert.Equal([0UL, 1], Lost);
        Assert.Equal([4UL], Acknowledged);
        Assert.False(Recovery.Rtt.HasSample);
        Assert.Equal(window, Recovery.CongestionWindow);
        Assert.Equal(0UL, Recovery.BytesInFlight);
    }

    [Fact]
    public void Packets_that_need_no_acknowledgement_are_not_kept_while_none_else_is()
    {
        for (ulong number = 0; number < 1000; number++) _bench.Send(number, number, traits: SentPacketTraits.None);
        Assert.Equal(0, Recovery.Packets(Application).Span);
        Assert.Equal(Instant.Never, Recovery.NextTimeout);
    }

    [Fact]
    public void A_peer_that_never_acknowledges_the_oldest_packet_cannot_make_the_ring_grow_for_ever()
    {
        _bench.Send(0, 0);
        for (ulong number = 1; number < 3 * SentPacketRing.MaxSpan; number++) _bench.Send(1, number, traits: SentPacketTraits.None);
        Assert.InRange(Recovery.Packets(Application).Span, 0, SentPacketRing.MaxSpan);
        Assert.Equal([0UL], Lost);
    }

    [Fact]
    public void An_abandoned_packet_gives_its_frames_back()
    {
        Recovery.Record(Application, SentFrame.Crypto(7, 1));
        Recovery.Record(Application, SentFrame.Crypto(8, 1));
        Recovery.AbandonPacket(Application);
        Assert.Equal([7UL, 8], Lost);
        _bench.Send(0, 0);
        _bench.Acknowledge(10, 0, 0);
        Assert.Equal([0UL], Acknowledged);
    }

    [Fact]
    public void A_steady_flow_allocates_nothing()
    {
        QuietOwner owner = new();
        LossRecovery<Cubic> recovery = new(Bench.At(0), true, 1200, false, owner);
        recovery.OnHandshakeConfirmed(Bench.At(0));
        ulong sent = 0;
        long acknowledged = 0;
        Flow(recovery, ref sent, 2000);
        Allocations.AssertNone(() =>
        {
            long earlier = owner.Acknowledged;
            Flow(recovery, ref sent, 20_000);
            acknowledged = owner.Acknowledged - earlier;
        });
        Assert.Equal(40_000, acknowledged);
    }

    private static void Flow(LossRecovery<Cubic> recovery, ref ulong sent, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            Instant now = Bench.At(sent);
            for (int packet = 0; packet < 2; packet++)
            {
                recovery.Record(Application, SentFrame.Stream(new StreamId(4), sent * 1000, 1000, false));
                recovery.OnPacketSent(now, Application, sent++, 1200, SentPacketTraits.AckEliciting | SentPacketTraits.InFlight);
            }

            if (sent < 20) continue;
            recovery.BeginAcknowledgement(Application, sent - 10);
            Assert.True(recovery.AcknowledgeRange(sent - 11, sent - 10));
            recovery.EndAcknowledgement(now, TimeSpan.Zero, null);
        }
    }

    private sealed class QuietOwner : ISentFrameOwner
    {
        public long Acknowledged { get; private set; }

        public void OnFrameAcknowledged(PacketNumberSpace space, in SentFrame frame) => Acknowledged++;

        public void OnFrameLost(PacketNumberSpace space, in SentFrame frame)
        {
        }

        public void OnPacketAcknowledged(int size)
        {
        }

        public void OnPacketLost(int size)
        {
        }

        public void OnMtuProbeAcknowledged(int size)
        {
        }

        public void OnMtuProbeLost(int size)
        {
        }
    }
}
