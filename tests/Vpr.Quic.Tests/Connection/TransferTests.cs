using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

public class TransferTests
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(5);

    [Fact]
    [Trait("rfc", "9000 §2.2")]
    public void Streams_carry_bytes_both_ways_at_once()
    {
        using EndpointPair pair = new(11, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        List<Transfer> transfers = [];
        for (int i = 0; i < 4; i++)
        {
            Assert.True(pair.ClientConnection.TryOpenStream(StreamDirection.Bidirectional, out StreamId two));
            transfers.Add(new Transfer(pair.ClientConnection, pair.ServerConnection!, two, 300_000));
            Assert.True(pair.ServerConnection!.TryOpenStream(StreamDirection.Unidirectional, out StreamId one));
            transfers.Add(new Transfer(pair.ServerConnection!, pair.ClientConnection, one, 300_000));
        }

        pair.Network.RunUntil(() => transfers.TrueForAll(t => t.Step()), TimeSpan.FromSeconds(30));
        Assert.Equal(0UL, pair.ClientConnection.Statistics.PacketsLost);
    }

    [Fact]
    [Trait("rfc", "9002 §7")]
    public void A_bulk_transfer_fills_a_bottleneck()
    {
        const int Bytes = 4_000_000;
        const double BitsPerSecond = 20e6;
        using EndpointPair pair = new(12, new PairOptions(), new BottleneckLink(BitsPerSecond, 60_000), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.ClientConnection.TryOpenStream(StreamDirection.Unidirectional, out StreamId stream);
        Transfer transfer = new(pair.ClientConnection, pair.ServerConnection!, stream, Bytes);
        Instant start = pair.Network.Now;
        pair.Network.RunUntil(transfer.Step, TimeSpan.FromSeconds(30));

        double rate = Bytes * 8 / (pair.Network.Now - start).TotalSeconds;
        Assert.InRange(rate, BitsPerSecond * 0.7, BitsPerSecond);
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.4")]
    public void An_end_that_only_receives_does_not_tell_old_gaps_for_ever()
    {
        using EndpointPair pair = new(20, new PairOptions(), new LossLink(0.03), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.ClientConnection.TryOpenStream(StreamDirection.Unidirectional, out StreamId stream);
        Transfer transfer = new(pair.ClientConnection, pair.ServerConnection!, stream, 3_000_000);
        ReceivedPackets received = pair.ServerConnection!.ApplicationSpace.Acks.Received;
        long sum = 0, count = 0;
        pair.Network.RunUntil(
            () =>
            {
                sum += received.Ranges.Length;
                count++;
                return transfer.Step();
            },
            TimeSpan.FromSeconds(60));
        Assert.InRange((double)sum / count, 1, ReceivedPackets.MaxRanges / 3.0);
    }

    [Fact]
    [Trait("rfc", "9221 §5")]
    public void Queued_datagrams_arrive_whole_and_in_order()
    {
        using EndpointPair pair = new(13, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        Collector collector = new();
        pair.ServerConnection!.DatagramHandler = collector;
        int most = pair.ClientConnection.MaxDatagramPayload;
        int[] lengths = [0, 1, 2, 3, 62, 63, 64, 65, 600, most - 3, most - 2, most - 1, most];
        foreach (int length in lengths) Assert.True(pair.ClientConnection.TryQueueDatagram(Payload(length)));
        Assert.False(pair.ClientConnection.TryQueueDatagram(Payload(most + 1)));

        pair.Network.RunUntil(() => collector.Received.Count == lengths.Length, TimeSpan.FromSeconds(1));
        Assert.Equal(lengths, collector.Received.Select(payload => payload.Length));
        Assert.All(collector.Received, payload => Assert.Equal(Payload(payload.Length), payload));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(-1)]
    [Trait("rfc", "9221 §4")]
    public void A_datagram_is_sent_from_where_it_lies(int length)
    {
        using EndpointPair pair = new(14, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Collector collector = new();
        pair.ServerConnection!.DatagramHandler = collector;
        QuicConnection client = pair.ClientConnection;
        if (length < 0) length = client.MaxDatagramPayload;

        byte[] buffer = new byte[QuicConnection.DatagramHeadroom + length + QuicConnection.DatagramTailroom];
        Payload(length).CopyTo(buffer, QuicConnection.DatagramHeadroom);
        PacketSlot packet = default;
        Assert.Equal(DatagramStatus.Sent, client.TransmitDatagram(pair.Network.Now, buffer, QuicConnection.DatagramHeadroom, length, ref packet));
        Assert.Equal(EndpointPair.ServerAddress, packet.Path.Remote);
        pair.Server.Receive(
            pair.Network.Now, new DatagramPath(EndpointPair.ServerAddress, EndpointPair.ClientAddress), packet.Ecn, buffer.AsSpan(packet.Offset, packet.Length));
        Assert.Equal(Payload(length), Assert.Single(collector.Received));
    }

    [Fact]
    [Trait("rfc", "9221 §5")]
    public void Too_large_and_too_early_are_said()
    {
        using EndpointPair pair = new(15, new PairOptions(), new DelayLink(OneWay));
        QuicConnection client = pair.Connect();
        byte[] buffer = new byte[4096];
        PacketSlot packet = default;
        Assert.Equal(DatagramStatus.NotReady, client.TransmitDatagram(pair.Network.Now, buffer, 100, 10, ref packet));
        pair.Network.RunUntil(() => client.IsHandshakeComplete, TimeSpan.FromSeconds(1));
        Assert.Equal(DatagramStatus.TooLarge, client.TransmitDatagram(pair.Network.Now, buffer, 100, 2000, ref packet));
        Assert.Throws<ArgumentException>(() => client.TransmitDatagram(pair.Network.Now, buffer, 4, 10, ref packet));
    }

    [Fact]
    [Trait("rfc", "9221 §5.4")]
    public void Datagrams_are_held_by_congestion_control()
    {
        using EndpointPair pair = new(16, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        QuicConnection client = pair.ClientConnection;
        byte[] buffer = new byte[2048];
        ulong sent = 0;
        PacketSlot packet = default;
        DatagramStatus status;
        while ((status = client.TransmitDatagram(pair.Network.Now, buffer, 100, 1000, ref packet)) == DatagramStatus.Sent) sent += (ulong)packet.Length;
        Assert.Equal(DatagramStatus.Blocked, status);
        Assert.InRange(sent, 1UL, client.Statistics.CongestionWindow);
    }

    [Fact]
    [Trait("rfc", "9002 §7.7")]
    public void A_datagram_held_by_the_pacer_has_a_deadline_that_outlives_a_transmit()
    {
        using EndpointPair pair = new(19, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(50)));
        pair.ConnectAndConfirm();
        // The pacer lets an initial window go at once: only a window that has grown is held by it.
        pair.ClientConnection.TryOpenStream(StreamDirection.Unidirectional, out StreamId stream);
        Transfer transfer = new(pair.ClientConnection, pair.ServerConnection!, stream, 300_000);
        pair.Network.RunUntil(transfer.Step, TimeSpan.FromSeconds(10));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        QuicConnection client = pair.ClientConnection;
        byte[] buffer = new byte[2048];
        PacketSlot packet = default;
        while (client.TransmitDatagram(pair.Network.Now, buffer, 100, 1000, ref packet) == DatagramStatus.Sent)
        {
        }

        Assert.True(client.Statistics.BytesInFlight + 1200 < client.Statistics.CongestionWindow, "the window, not the pacer, held it");
        Assert.Equal(0, pair.Client.Endpoint.Transmit(pair.Network.Now, buffer, out _, out _));
        Instant deadline = pair.Client.Endpoint.NextTimeout!.Value;
        Assert.InRange(deadline - pair.Network.Now, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(20));
        pair.Client.Endpoint.OnTimeout(deadline);
        Assert.Equal(DatagramStatus.Sent, client.TransmitDatagram(deadline, buffer, 100, 1000, ref packet));
    }

    [Fact]
    [Trait("rfc", "9000 §3.5")]
    public void A_reset_and_a_stop_are_told_with_their_codes()
    {
        using EndpointPair pair = new(17, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.ClientConnection.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream);
        pair.ClientConnection.Write(stream, "hello"u8, fin: false);
        pair.Network.RunUntil(() => EndpointPair.Has(pair.ServerEvents, ConnectionEventKind.StreamReadable), TimeSpan.FromSeconds(1));
        pair.ServerConnection!.StopSending(stream, 77);
        pair.ServerConnection.Reset(stream, 78);
        pair.Network.RunUntil(
            () => EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.StreamReset) && EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.StreamStopped),
            TimeSpan.FromSeconds(1));
        Assert.Contains(new ConnectionEvent(ConnectionEventKind.StreamStopped, stream, 77), pair.ClientEvents);
        Assert.Contains(new ConnectionEvent(ConnectionEventKind.StreamReset, stream, 78), pair.ClientEvents);
    }

    [Fact]
    [Trait("rfc", "9000 §4.6")]
    public void Stream_limits_hold_and_open_again()
    {
        PairOptions options = new() { Server = new TransportOptions { MaxBidirectionalStreams = 2 } };
        using EndpointPair pair = new(18, options, new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        QuicConnection client = pair.ClientConnection;
        int done = 0;
        while (done < 10)
        {
            Assert.True(client.TryOpenStream(StreamDirection.Bidirectional, out StreamId first));
            Assert.True(client.TryOpenStream(StreamDirection.Bidirectional, out StreamId second));
            Assert.False(client.TryOpenStream(StreamDirection.Bidirectional, out _));
            Transfer[] transfers =
            [
                new(client, pair.ServerConnection!, first, 100), new(pair.ServerConnection!, client, first, 100),
                new(client, pair.ServerConnection!, second, 100), new(pair.ServerConnection!, client, second, 100),
            ];
            pair.ClientEvents.Clear();
            pair.Network.RunUntil(
                () => Array.TrueForAll(transfers, t => t.Step()) && EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.StreamsAvailable),
                TimeSpan.FromSeconds(5));
            pair.Network.RunFor(TimeSpan.FromSeconds(1));
            done += 2;
        }
    }

    private static byte[] Payload(int length)
    {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) payload[i] = unchecked((byte)(i * 7 + length));
        return payload;
    }
}
