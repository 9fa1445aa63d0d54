using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

/// <summary>Acknowledgements that ride in front of datagrams, in whatever room there is.</summary>
public class RidingAckTests
{
    private readonly byte[] _datagram = new byte[2048];
    private Instant _now;

    /// <summary>Every few hundred packets a number is skipped on purpose, so that there are two ranges to tell; where only one fits, the other's packets arrived all the same.</summary>
    [Theory]
    [Trait("rfc", "9000 §13.2.4")]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(QuicConnection.AckRoom)]
    public void Nothing_counts_as_lost_where_everything_arrives(int room)
    {
        using EndpointPair pair = new(seed: 131, new PairOptions(), new DelayLink(TimeSpan.FromMicroseconds(100)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(2));
        _now = pair.Network.Now;
        var arrived = new Counter();
        pair.ServerConnection!.DatagramHandler = pair.ClientConnection.DatagramHandler = arrived;
        for (int round = 0; round < 2_000; round++)
        {
            _now += TimeSpan.FromMicroseconds(200);
            for (int i = 0; i < 4; i++) Datagram(pair.ClientConnection, pair.Server.Endpoint, room, fromClient: true);
            for (int i = 0; i < 3; i++) Datagram(pair.ServerConnection!, pair.Client.Endpoint, room, fromClient: false);
            // What does not ride goes by itself, in its own time.
            Rest(pair.Client.Endpoint, pair.Server.Endpoint, fromClient: true);
            Rest(pair.Server.Endpoint, pair.Client.Endpoint, fromClient: false);
        }

        Assert.True(arrived.Count > 10_000, $"only {arrived.Count} datagrams");
        Assert.Equal((0UL, 0UL), (pair.ClientConnection.Statistics.PacketsLost, pair.ServerConnection!.Statistics.PacketsLost));
    }

    private void Datagram(QuicConnection from, QuicEndpoint to, int room, bool fromClient)
    {
        PacketSlot packet = default;
        if (from.TransmitDatagram(_now, _datagram, from.MeasureDatagramHeader() + room, 1200, ref packet) == DatagramStatus.Sent)
            to.Receive(_now, Path(fromClient), packet.Ecn, _datagram.AsSpan(packet.Offset, packet.Length));
    }

    private void Rest(QuicEndpoint from, QuicEndpoint to, bool fromClient)
    {
        if (from.NextTimeout is { } timeout && timeout <= _now) from.OnTimeout(_now);
        int length;
        while ((length = from.Transmit(_now, _datagram, out _, out EcnCodepoint ecn)) > 0) to.Receive(_now, Path(fromClient), ecn, _datagram.AsSpan(0, length));
    }

    private static DatagramPath Path(bool fromClient) => fromClient
        ? new DatagramPath(EndpointPair.ServerAddress, EndpointPair.ClientAddress)
        : new DatagramPath(EndpointPair.ClientAddress, EndpointPair.ServerAddress);

    private sealed class Counter : IDatagramHandler
    {
        public int Count { get; private set; }

        public void OnDatagram(QuicConnection connection, Span<byte> payload) => Count++;
    }
}
