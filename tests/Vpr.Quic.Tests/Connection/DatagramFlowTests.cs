using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

/// <summary>The packet path as a tunnel's loop uses it: payloads wait outside until <c>TransmitDatagram</c> takes them.</summary>
public class DatagramFlowTests
{
    private const int PayloadLength = 1200;
    private readonly byte[] _buffer = new byte[2048];

    [Theory]
    [InlineData(10e6, 20, 0)]
    [InlineData(50e6, 5, 0)]
    [InlineData(10e6, 20, 0.001)]
    [Trait("rfc", "9221 §5.4")]
    public void A_stream_of_datagrams_fills_a_bottleneck(double bitsPerSecond, int oneWayMilliseconds, double loss)
    {
        using EndpointPair pair = new(
            131, new PairOptions(),
            new LossLink(loss), new BottleneckLink(bitsPerSecond, 64_000), new DelayLink(TimeSpan.FromMilliseconds(oneWayMilliseconds)));
        pair.ConnectAndConfirm();
        QuicConnection client = pair.ClientConnection;
        Counter counter = new();
        pair.ServerConnection!.DatagramHandler = counter;
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.Client.MoreToSend = (Instant now, Span<byte> destination, ref PacketSlot packet) => Next(client, now, destination, ref packet);
        pair.Network.RunFor(TimeSpan.FromSeconds(2));
        counter.Bytes = 0;
        pair.Network.RunFor(TimeSpan.FromSeconds(5));

        double rate = counter.Bytes * 8 / 5.0;
        Assert.InRange(rate, bitsPerSecond * 0.75, bitsPerSecond);
        Assert.False(client.IsClosed);
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.2")]
    public void Datagrams_in_bulk_are_acknowledged_seldom_and_lose_nothing_by_it()
    {
        const double BitsPerSecond = 50e6;
        BottleneckLink bottleneck = new(BitsPerSecond, 250_000);
        using EndpointPair pair = new(132, new PairOptions(), bottleneck, new DelayLink(TimeSpan.FromMilliseconds(20)));
        pair.ConnectAndConfirm();
        QuicConnection client = pair.ClientConnection;
        Counter counter = new();
        pair.ServerConnection!.DatagramHandler = counter;
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.Client.MoreToSend = (Instant now, Span<byte> destination, ref PacketSlot packet) => Next(client, now, destination, ref packet);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        counter.Bytes = 0;
        TransportStatistics before = pair.ServerConnection.Statistics;
        pair.Network.RunFor(TimeSpan.FromSeconds(4));

        TransportStatistics after = pair.ServerConnection.Statistics;
        ulong received = after.PacketsReceived - before.PacketsReceived, sent = after.PacketsSent - before.PacketsSent;
        Assert.True(received > 10 * sent, $"{sent} acknowledgements of {received} packets");
        Assert.InRange(counter.Bytes * 8 / 4.0, BitsPerSecond * 0.8, BitsPerSecond);
        Assert.True(client.Statistics.PacketsLost <= (ulong)bottleneck.Dropped, $"{client.Statistics.PacketsLost} taken for lost, {bottleneck.Dropped} were");
    }

    [Fact]
    public void After_a_probe_its_length_and_every_shorter_one_goes_and_a_blocked_probe_is_woken_up_again()
    {
        const double BitsPerSecond = 10e6;
        using EndpointPair pair = new(7, new PairOptions(), new BottleneckLink(BitsPerSecond, 64_000), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        QuicConnection client = pair.ClientConnection;
        SeededRandom random = new(7);
        Counter counter = new();
        pair.ServerConnection!.DatagramHandler = counter;
        int sent = 0, blocked = 0;
        pair.Network.RunFor(TimeSpan.FromSeconds(1)); // the path's MTU is found
        pair.Client.MoreToSend = (Instant now, Span<byte> destination, ref PacketSlot packet) =>
        {
            int probed = random.Next(800, 1200);
            DatagramStatus answer = client.ProbeDatagram(now, probed);
            if (answer == DatagramStatus.Blocked)
            {
                blocked++;
                return 0;
            }

            Assert.Equal(DatagramStatus.Sent, answer);
            int payload = random.Chance(0.5) ? probed : random.Next(700, probed);
            Assert.Equal(DatagramStatus.Sent, client.TransmitDatagram(now, _buffer, 100, payload, ref packet));
            sent++;
            _buffer.AsSpan(packet.Offset, packet.Length).CopyTo(destination);
            return packet.Length;
        };
        pair.Network.RunFor(TimeSpan.FromSeconds(5));

        Assert.Equal(DatagramStatus.TooLarge, client.ProbeDatagram(pair.Network.Now, client.MaxDatagramPayload + 1));
        Assert.True(sent > 1000 && blocked > 100, $"{sent} sent, {blocked} blocked");
        Assert.InRange(counter.Bytes * 8 / 5.0, BitsPerSecond * 0.7, BitsPerSecond);
        client.Close(0, []);
        Assert.Equal(DatagramStatus.NotReady, client.ProbeDatagram(pair.Network.Now, 1));
    }

    private int Next(QuicConnection client, Instant now, Span<byte> destination, ref PacketSlot packet)
    {
        if (client.TransmitDatagram(now, _buffer, 100, PayloadLength, ref packet) != DatagramStatus.Sent) return 0;
        _buffer.AsSpan(packet.Offset, packet.Length).CopyTo(destination);
        return packet.Length;
    }

    private sealed class Counter : IDatagramHandler
    {
        public long Bytes { get; set; }

        public void OnDatagram(QuicConnection connection, Span<byte> payload) => Bytes += payload.Length;
    }
}
