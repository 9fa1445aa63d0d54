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
        pair.Client.MoreToSend = (Instant now, Span<byte> destination, out DatagramPath path) => Next(client, now, destination, out path);
        pair.Network.RunFor(TimeSpan.FromSeconds(2));
        counter.Bytes = 0;
        pair.Network.RunFor(TimeSpan.FromSeconds(5));

        double rate = counter.Bytes * 8 / 5.0;
        Assert.InRange(rate, bitsPerSecond * 0.75, bitsPerSecond);
        Assert.False(client.IsClosed);
    }

    private int Next(QuicConnection client, Instant now, Span<byte> destination, out DatagramPath path)
    {
        if (client.TransmitDatagram(now, _buffer, 100, PayloadLength, out int offset, out int length, out path) != DatagramStatus.Sent) return 0;
        _buffer.AsSpan(offset, length).CopyTo(destination);
        return length;
    }

    private sealed class Counter : IDatagramHandler
    {
        public long Bytes { get; set; }

        public void OnDatagram(QuicConnection connection, Span<byte> payload) => Bytes += payload.Length;
    }
}
