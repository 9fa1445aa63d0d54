using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

/// <summary>Once a connection runs, moving packets allocates nothing.</summary>
public class AllocationTests
{
    private const int Rounds = 5_000;

    private readonly byte[] _buffer = new byte[2048];
    private readonly byte[] _out = new byte[2048];
    private Instant _now;

    [Fact]
    public void The_datagram_path_allocates_nothing()
    {
        using EndpointPair pair = Ready(121);
        Counter counter = new();
        pair.ServerConnection!.DatagramHandler = counter;
        pair.ClientConnection.DatagramHandler = counter;
        int arrived = 0;
        Allocations.AssertNone(() =>
        {
            int earlier = counter.Count;
            for (int i = 0; i < Rounds; i++) SendBothWays(pair);
            arrived = counter.Count - earlier;
        });
        Assert.True(arrived > Rounds, $"only {arrived} datagrams");
    }

    [Fact]
    public void The_stream_path_allocates_nothing()
    {
        using EndpointPair pair = Ready(122);
        Assert.True(pair.ClientConnection.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream));
        long moved = 0;
        Allocations.AssertNone(() =>
        {
            moved = 0;
            for (int i = 0; i < Rounds; i++) moved += Stream(pair, stream);
        });
        Assert.True(moved > Rounds * 500L, $"only {moved} bytes");
    }

    private EndpointPair Ready(ulong seed)
    {
        EndpointPair pair = new(seed, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(2));
        _now = pair.Network.Now;
        return pair;
    }

    private void SendBothWays(EndpointPair pair)
    {
        _now += TimeSpan.FromMicroseconds(100);
        Datagram(pair.ClientConnection, pair.Server.Endpoint, fromClient: true);
        Datagram(pair.ServerConnection!, pair.Client.Endpoint, fromClient: false);
        Exchange(pair);
    }

    private long Stream(EndpointPair pair, StreamId stream)
    {
        _now += TimeSpan.FromMicroseconds(100);
        pair.ClientConnection.Write(stream, _buffer.AsSpan(0, 1000), fin: false);
        Exchange(pair);
        return pair.ServerConnection!.Read(stream, _buffer, out _);
    }

    private void Datagram(QuicConnection from, QuicEndpoint to, bool fromClient)
    {
        const int Offset = 64;
        PacketSlot packet = default;
        DatagramStatus status = from.TransmitDatagram(_now, _buffer, Offset, 1200, ref packet);
        if (status == DatagramStatus.Sent) to.Receive(_now, Path(fromClient), packet.Ecn, _buffer.AsSpan(packet.Offset, packet.Length));
    }

    private void Exchange(EndpointPair pair)
    {
        bool any = true;
        while (any)
        {
            any = false;
            int length;
            while ((length = pair.Client.Endpoint.Transmit(_now, _out, out _, out EcnCodepoint ecn)) > 0)
            {
                pair.Server.Endpoint.Receive(_now, Path(fromClient: true), ecn, _out.AsSpan(0, length));
                any = true;
            }

            while ((length = pair.Server.Endpoint.Transmit(_now, _out, out _, out EcnCodepoint ecn)) > 0)
            {
                pair.Client.Endpoint.Receive(_now, Path(fromClient: false), ecn, _out.AsSpan(0, length));
                any = true;
            }
        }

        Drain(pair.Client.Endpoint);
        Drain(pair.Server.Endpoint);
    }

    private void Drain(QuicEndpoint endpoint)
    {
        if (endpoint.NextTimeout is { } timeout && timeout <= _now) endpoint.OnTimeout(_now);
        while (endpoint.TryTakeEventful(out QuicConnection? connection))
            while (connection.TryTakeEvent(out _))
            {
            }
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
