using Vpr.Io;
using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;
using static Vpr.Quic.Recovery.PacketNumberSpace;
using Bench = Vpr.Quic.Tests.Recovery.RecoveryBench<Vpr.Quic.Congestion.NewReno>;

namespace Vpr.Quic.Tests.Recovery;

[Trait("rfc", "9002 §6.2")]
public class ProbeTimeoutTests
{
    [Fact]
    [Trait("rfc", "9002 §6.2.1")]
    public void The_timeout_doubles_on_expiry_and_an_acknowledgement_resets_it()
    {
        Bench bench = new();
        bench.Send(0, 0);
        bench.Acknowledge(100, 0, 0);
        ulong number = 1;
        bench.Send(100, number++);
        double last = 100;
        double[] waits = new double[5];
        for (int i = 0; i < waits.Length; i++)
        {
            Instant due = bench.Recovery.NextTimeout;
            waits[i] = Bench.Milliseconds(due) - last;
            Assert.True(bench.Recovery.OnTimeout(due));
            last = Bench.Milliseconds(due);
            bench.Send(last, number++);
        }

        // smoothed 100 + 4 * 50
        Assert.Equal([300, 600, 1200, 2400, 4800], waits);
        bench.Acknowledge(last + 100, number - 1, number - 1);
        Assert.Equal(0, bench.Recovery.PtoCount);
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.1")]
    public void The_peers_delay_is_waited_for_in_the_application_space_alone()
    {
        Bench bench = new();
        bench.Recovery.PeerMaxAckDelay = TimeSpan.FromMilliseconds(40);
        bench.Send(0, 0);
        bench.Acknowledge(100, 0, 0);
        bench.Send(1000, 1);
        Assert.Equal(Bench.At(1340), bench.Recovery.NextTimeout);
        bench.Send(1000, 0, Handshake);
        Assert.Equal(Bench.At(1300), bench.Recovery.NextTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.1")]
    public void Before_confirmation_1RTT_packets_arm_no_timer()
    {
        Bench bench = new(isClient: false, confirmed: false);
        bench.Send(0, 0);
        Assert.Equal(Instant.Never, bench.Recovery.NextTimeout);
        bench.Recovery.OnHandshakeConfirmed(Bench.At(5));
        Assert.Equal(Bench.At(999), bench.Recovery.NextTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.4")]
    public void An_expiry_owes_two_probes_and_gives_them_the_oldest_frames()
    {
        Bench bench = new();
        for (ulong number = 0; number < 4; number++) bench.Send(number, number);
        bench.Recovery.OnTimeout(bench.Recovery.NextTimeout);
        Assert.Equal(2, bench.Recovery.ProbesOwed(Application));
        Assert.Equal([0UL, 1], bench.Frames.Lost.Select(frame => frame.Offset).ToArray());
        Assert.Equal(0UL, bench.Recovery.PacketsLost);
        bench.Send(2000, 4);
        bench.Send(2000, 5);
        Assert.Equal(0, bench.Recovery.ProbesOwed(Application));
        // Frames that a probe carried are not queued a second time when their first packet is declared lost.
        bench.Acknowledge(2100, 4, 5);
        Assert.Equal([0UL, 1, 2, 3], bench.Frames.Lost.Select(frame => frame.Offset).ToArray());
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.2.1")]
    public void A_client_probes_with_nothing_in_flight_until_its_address_is_known_to_be_validated()
    {
        Bench bench = new(confirmed: false);
        bench.Send(0, 0, Initial);
        bench.Acknowledge(100, 0, 0, Initial);
        // Nothing in flight, yet the server may wait for bytes of ours: 100 + 4 * 50 after the acknowledgement.
        Assert.Equal(Bench.At(400), bench.Recovery.NextTimeout);
        bench.Recovery.OnTimeout(Bench.At(400));
        Assert.Equal(1, bench.Recovery.ProbesOwed(Initial));
        bench.Send(400, 1, Initial);
        bench.Recovery.OnHandshakeKeys();
        bench.Acknowledge(500, 1, 1, Initial);
        Assert.Equal(1, bench.Recovery.PtoCount);
        bench.Recovery.OnTimeout(bench.Recovery.NextTimeout);
        Assert.Equal(1, bench.Recovery.ProbesOwed(Handshake));

        bench.Send(2000, 0, Handshake);
        bench.Acknowledge(2100, 0, 0, Handshake);
        Assert.Equal(0, bench.Recovery.PtoCount);
        Assert.Equal(Instant.Never, bench.Recovery.NextTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.2.1")]
    public void A_server_at_its_amplification_limit_arms_no_timer()
    {
        Bench bench = new(isClient: false, confirmed: false);
        bench.Send(0, 0, Initial);
        Assert.Equal(Bench.At(999), bench.Recovery.NextTimeout);
        bench.Recovery.IsAmplificationLimited = true;
        Assert.Equal(Instant.Never, bench.Recovery.NextTimeout);
    }

    [Fact]
    [Trait("rfc", "9002 §6.2.2")]
    public void Discarding_keys_resets_the_back_off()
    {
        Bench bench = new(confirmed: false);
        bench.Send(0, 0, Initial);
        bench.Recovery.OnTimeout(bench.Recovery.NextTimeout);
        Assert.Equal(1, bench.Recovery.PtoCount);
        bench.Recovery.DiscardSpace(Bench.At(2000), Initial);
        Assert.Equal(0, bench.Recovery.PtoCount);
        Assert.Equal(0, bench.Recovery.ProbesOwed(Initial));
    }

    [Fact]
    public void However_often_it_expires_the_deadline_stays_in_the_future()
    {
        Bench bench = new();
        bench.Send(0, 0);
        Instant now = Bench.At(0);
        for (ulong number = 1; number < 40; number++)
        {
            Instant due = bench.Recovery.NextTimeout;
            Assert.True(due > now);
            now = due;
            bench.Recovery.OnTimeout(now);
            bench.Send(Bench.Milliseconds(now), number);
        }
    }

    [Fact]
    [Trait("rfc", "9002 §7.3.2")]
    public void A_lost_handshake_packet_may_be_repaired_although_1RTT_packets_fill_the_window()
    {
        Bench bench = new(confirmed: false);
        bench.Send(0, 0, Handshake);
        for (ulong number = 0; number < 9; number++) bench.Send(0, number);
        bench.Send(1, 1, Handshake);
        bench.Acknowledge(50, 1, 1, Handshake);
        bench.Recovery.OnTimeout(bench.Recovery.NextTimeout);
        Assert.Contains((Handshake, 0UL), bench.Frames.Lost);
        Assert.False(bench.Recovery.HasWindow);
        Assert.Equal(1, bench.Recovery.ProbesOwed(Handshake));
    }

    [Fact]
    [Trait("rfc", "9000 §9.4")]
    public void A_new_port_of_the_peer_ends_the_back_off_and_keeps_what_was_learned()
    {
        Bench bench = new();
        bench.Send(0, 0);
        bench.Acknowledge(100, 0, 0);
        bench.Send(200, 1);
        for (ulong number = 2; number < 8; number++)
        {
            bench.Recovery.OnTimeout(bench.Recovery.NextTimeout);
            bench.Send(1000 * number, number);
        }

        ulong window = bench.Recovery.CongestionWindow;
        bench.Recovery.OnPortChanged(Bench.Size);
        Assert.Equal(Bench.At(7000 + 300), bench.Recovery.NextTimeout);
        Assert.Equal(2, bench.Recovery.ProbesOwed(Application));
        Assert.Equal(window, bench.Recovery.CongestionWindow);
        Assert.True(bench.Recovery.Rtt.HasSample);
    }
}
