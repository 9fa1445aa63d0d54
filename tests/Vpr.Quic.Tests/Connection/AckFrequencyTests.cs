using Vpr.Io;
using Vpr.Testing;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Connection;

/// <summary>Acknowledgements as often as the sender of a bulk asks for, over whole connections: draft-ietf-quic-ack-frequency.</summary>
public class AckFrequencyTests
{
    private const int PayloadLength = 1200;
    private readonly byte[] _buffer = new byte[2048];

    [Theory]
    [InlineData(AckFrequencyOffer.Never, false, false)]
    [InlineData(AckFrequencyOffer.AsServer, false, true)]
    [InlineData(AckFrequencyOffer.Always, true, true)]
    public void A_client_offers_nothing_by_default_and_a_server_does(AckFrequencyOffer offer, bool client, bool server)
    {
        using EndpointPair pair = new(151, Both(offer), new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        Assert.Equal((client, server), (pair.ClientConnection.TakesAckFrequency, pair.ServerConnection!.TakesAckFrequency));
        Assert.Equal((server, client), (pair.ClientConnection.AckFrequency.IsSupported, pair.ServerConnection.AckFrequency.IsSupported));
        Assert.Equal(AckFrequencyOffer.AsServer, new TransportOptions().AckFrequency);
    }

    [Theory]
    [InlineData("1f")]
    [InlineData("40af 00 01 43e8 03")]
    [Trait("rfc", "9000 §12.4")]
    public void Who_did_not_offer_does_not_know_the_frames(string payload)
    {
        using EndpointPair pair = new(152, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        byte[] frames = Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(TransportErrorCode.NoError, Receive(pair.ServerConnection!, [.. frames], out bool wantsAck));
        Assert.Equal(payload == "1f", wantsAck);
        Assert.Equal(TransportErrorCode.FrameEncodingError, Receive(pair.ClientConnection, [.. frames], out _));
    }

    [Fact]
    public void A_server_that_can_wait_less_than_a_millisecond_says_so()
    {
        PairOptions options = new() { Server = new TransportOptions { MaxAckDelay = TimeSpan.Zero } };
        using EndpointPair pair = new(153, options, new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        Assert.Equal(TransportErrorCode.NoError, Receive(pair.ServerConnection!, Convert.FromHexString("40af00010003"), out _));
    }

    [Theory]
    [InlineData(20, 50e6)]
    [InlineData(4, 100e6)] // a round trip too short for the receiver's own thinning
    public void A_bulk_is_acknowledged_as_seldom_as_the_sender_asks_and_is_no_slower(int oneWayMilliseconds, double bitsPerSecond)
    {
        Bulk without = Run(AckFrequencyOffer.Never, oneWayMilliseconds, bitsPerSecond, down: false);
        Bulk with = Run(AckFrequencyOffer.AsServer, oneWayMilliseconds, bitsPerSecond, down: false);
        Assert.Equal(0UL, without.Requests);
        Assert.InRange(with.Requests, 1UL, 20UL);
        Assert.True(with.Acknowledgements * 4 < without.Acknowledgements * 3, $"{with} and without {without}");
        Assert.True(with.Received > 20 * with.Acknowledgements, $"{with}");
        Assert.True(with.BitsPerSecond > 0.97 * without.BitsPerSecond && with.BitsPerSecond > 0.8 * bitsPerSecond, $"{with} and without {without}");
        Assert.True(with.TakenForLost <= with.Dropped, $"{with}");
        // A sender that hears too seldom in slow start overshoots further.
        Assert.True(with.Dropped * 4 <= without.Dropped * 5, $"{with} and without {without}");
    }

    [Fact]
    public void Towards_a_client_it_is_asked_only_where_the_client_offers()
    {
        Bulk byDefault = Run(AckFrequencyOffer.AsServer, 20, 50e6, down: true), both = Run(AckFrequencyOffer.Always, 20, 50e6, down: true);
        Assert.Equal(0UL, byDefault.Requests);
        Assert.InRange(both.Requests, 1UL, 20UL);
        Assert.True(both.Acknowledgements * 4 < byDefault.Acknowledgements * 3, $"{both} and by default {byDefault}");
        Assert.True(both.BitsPerSecond > 0.97 * byDefault.BitsPerSecond, $"{both} and by default {byDefault}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Losses_reordering_and_marks_change_nothing_of_it(int half)
    {
        for (int seed = half * 20; seed < half * 20 + 20; seed++)
        {
            SeededRandom random = new((ulong)seed ^ 0xACF);
            TimeSpan delay = TimeSpan.FromMilliseconds(random.Next(2, 80));
            List<Link> links = [new LossLink(random.Next(0, 10) / 100.0), new DelayLink(delay)];
            if (random.Chance(0.5)) links.Add(new ReorderLink(0.05, delay * random.NextDouble()));
            if (random.Chance(0.3)) links.Add(new DuplicateLink(0.05, delay));
            if (random.Chance(0.5)) links.Add(new BottleneckLink(random.Next(2, 20) * 1e6, 60_000, 20_000));
            if (random.Chance(0.3)) links.Add(new OutageLink(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)));
            using EndpointPair pair = new((ulong)seed, Both(AckFrequencyOffer.Always), [.. links]);
            pair.ConnectAndConfirm(TimeSpan.FromSeconds(30));
            Collector up = new(), down = new();
            (pair.ServerConnection!.DatagramHandler, pair.ClientConnection.DatagramHandler) = (up, down);
            Fill(pair.Client, pair.ClientConnection);
            Fill(pair.Server, pair.ServerConnection);
            pair.Network.RunFor(TimeSpan.FromSeconds(5));
            int upSoFar = up.Received.Count, downSoFar = down.Received.Count;
            pair.Network.RunFor(TimeSpan.FromSeconds(3));
            Assert.False(pair.ClientConnection.IsClosed || pair.ServerConnection.IsClosed, $"seed {seed}");
            Assert.True(up.Received.Count > upSoFar && down.Received.Count > downSoFar, $"seed {seed}: {up.Received.Count} up, {down.Received.Count} down");

            // Once nothing more is sent, all is acknowledged or given up soon.
            pair.Client.MoreToSend = pair.Server.MoreToSend = null;
            pair.Network.RunUntil(
                () => pair.ClientConnection.Statistics.BytesInFlight == 0 && pair.ServerConnection.Statistics.BytesInFlight == 0, TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    [Trait("rfc", "9002 §6.2")]
    public void A_probe_is_answered_without_delay()
    {
        // The receiver sits on acknowledgements for 400 ms, as it was told to; the packet after which the sender probes is lost.
        Assert.Equal(20, Answered(AckFrequencyOffer.AsServer).TotalMilliseconds);
        Assert.InRange(Answered(AckFrequencyOffer.Never).TotalMilliseconds, 400, 500);

        static TimeSpan Answered(AckFrequencyOffer offer)
        {
            using EndpointPair pair = new(155, Both(offer), new DelayLink(TimeSpan.FromMilliseconds(10)));
            pair.ConnectAndConfirm();
            pair.Network.RunFor(TimeSpan.FromSeconds(3));
            pair.ServerConnection!.ApplicationSpace.Acks.Follow(new AckFrequencyFrame(0, 1000, 400_000, 0));
            bool lose = true;
            pair.Server.Filter = (_, _) => !lose;
            Assert.True(pair.ClientConnection.TryQueueDatagram([1]));
            ulong sent = pair.ClientConnection.Statistics.PacketsSent + 1;
            pair.Network.RunUntil(() => pair.ClientConnection.Statistics.PacketsSent == sent, TimeSpan.FromSeconds(1));
            pair.Network.RunFor(TimeSpan.FromMilliseconds(15));
            lose = false;
            pair.Network.RunUntil(() => pair.ClientConnection.Statistics.PacketsSent > sent, TimeSpan.FromSeconds(5));
            Instant probed = pair.Network.Now;
            ulong received = pair.ClientConnection.Statistics.PacketsReceived;
            pair.Network.RunUntil(() => pair.ClientConnection.Statistics.PacketsReceived > received, TimeSpan.FromSeconds(5));
            return pair.Network.Now - probed;
        }
    }

    [Fact]
    [Trait("rfc", "9000 §9.4")]
    public void After_a_change_of_path_it_is_asked_anew()
    {
        RebindingNat nat = new(UdpEndpoint.FromIpv4(0xCB007101, 40_000));
        using EndpointPair pair = new(156, Both(AckFrequencyOffer.Always), nat, new BottleneckLink(20e6, 100_000), new DelayLink(TimeSpan.FromMilliseconds(20)));
        pair.ConnectAndConfirm();
        Fill(pair.Server, pair.ServerConnection!);
        Fill(pair.Client, pair.ClientConnection);
        pair.Network.RunFor(TimeSpan.FromSeconds(3));
        ulong before = pair.ServerConnection!.AckFrequency.Sent;
        Assert.True(before > 0);
        nat.Rebind(UdpEndpoint.FromIpv4(0xCB007202, 40_000));
        pair.Network.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(1UL, pair.ServerConnection.Statistics.PathChanges);
        Assert.True(pair.ServerConnection.AckFrequency.Sent > before);
    }

    private static PairOptions Both(AckFrequencyOffer offer) =>
        new() { Client = new TransportOptions { AckFrequency = offer }, Server = new TransportOptions { AckFrequency = offer } };

    private static TransportErrorCode Receive(QuicConnection connection, byte[] frames, out bool wantsAck)
    {
        FrameReceiver receiver = new(connection, connection.ApplicationSpace, default, phaseBit: false, connection.Path, 1200);
        TransportErrorCode error = receiver.ReceiveAll(frames);
        wantsAck = receiver.WantsAckNow;
        return error;
    }

    private Bulk Run(AckFrequencyOffer offer, int oneWayMilliseconds, double bitsPerSecond, bool down)
    {
        BottleneckLink bottleneck = new(bitsPerSecond, (int)(bitsPerSecond * 0.005) + 60_000);
        using EndpointPair pair = new(154, Both(offer), bottleneck, new DelayLink(TimeSpan.FromMilliseconds(oneWayMilliseconds)));
        pair.ConnectAndConfirm();
        QuicConnection sender = down ? pair.ServerConnection! : pair.ClientConnection, receiver = down ? pair.ClientConnection : pair.ServerConnection!;
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Fill(down ? pair.Server : pair.Client, sender);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        TransportStatistics before = receiver.Statistics;
        pair.Network.RunFor(TimeSpan.FromSeconds(4));
        TransportStatistics after = receiver.Statistics;
        return new Bulk(
            after.PacketsReceived - before.PacketsReceived, after.PacketsSent - before.PacketsSent, sender.AckFrequency.Sent,
            (after.DatagramsReceived - before.DatagramsReceived) * PayloadLength * 8 / 4.0, sender.Statistics.PacketsLost, (ulong)bottleneck.Dropped);
    }

    private void Fill(EndpointHost host, QuicConnection connection) => host.MoreToSend = (Instant now, Span<byte> destination, ref PacketSlot packet) =>
    {
        if (connection.TransmitDatagram(now, _buffer, 100, PayloadLength, ref packet) != DatagramStatus.Sent) return 0;
        _buffer.AsSpan(packet.Offset, packet.Length).CopyTo(destination);
        return packet.Length;
    };

    /// <summary>What four seconds of datagrams came to. The receiver has nothing to send but acknowledgements.</summary>
    private readonly record struct Bulk(ulong Received, ulong Acknowledgements, ulong Requests, double BitsPerSecond, ulong TakenForLost, ulong Dropped);
}
