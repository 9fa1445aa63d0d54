using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

public class ClosingTests
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(5);

    [Fact]
    [Trait("rfc", "9000 §10.2")]
    public void A_close_is_told_with_its_code_and_both_ends_forget()
    {
        using EndpointPair pair = new(101, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.ClientConnection.Close(0x100, "enough"u8);
        pair.Network.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(new ConnectionEvent(ConnectionEventKind.Closed, default, 0x100, CloseSource.LocalApplication), pair.ClientEvents[^1]);
        Assert.Equal(new ConnectionEvent(ConnectionEventKind.Closed, default, 0x100, CloseSource.PeerApplication), pair.ServerEvents[^1]);
        Assert.Empty(pair.Client.Endpoint.Connections);
        Assert.Empty(pair.Server.Endpoint.Connections);
        Assert.Null(pair.Client.Endpoint.NextTimeout);
        Assert.Null(pair.Server.Endpoint.NextTimeout);
    }

    [Fact]
    [Trait("rfc", "9000 §10.2.1")]
    public void A_lost_close_is_repeated_ever_more_rarely_to_a_peer_that_goes_on()
    {
        using EndpointPair pair = new(102, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        bool deaf = true;
        int lost = 0;
        pair.Client.Filter = (_, _) =>
        {
            if (deaf) lost++;
            return !deaf;
        };
        pair.ServerConnection!.Close(7, []);
        for (int i = 0; i < 9; i++)
        {
            pair.ClientConnection.TryQueueDatagram([1]);
            pair.Network.RunFor(TimeSpan.FromMilliseconds(3));
        }

        pair.Network.RunFor(OneWay * 2);
        deaf = false;
        // The first close, and one answer each to the first, second, fourth and eighth packet.
        Assert.InRange(lost, 3, 5);
        Assert.False(pair.ClientConnection.IsClosed);
    }

    [Fact]
    [Trait("rfc", "9000 §10.2.3")]
    public void An_application_code_stays_unsaid_before_1rtt_keys()
    {
        using EndpointPair pair = new(103, new PairOptions(), new DelayLink(OneWay));
        pair.Connect();
        pair.Server.Accepted = connection => connection.Close(4711, "secret"u8);
        pair.Network.RunUntil(() => EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.Closed), TimeSpan.FromSeconds(1));
        Assert.Equal(
            new ConnectionEvent(ConnectionEventKind.Closed, default, (ulong)TransportErrorCode.ApplicationError, CloseSource.PeerTransport),
            pair.ClientEvents[^1]);
    }

    [Fact]
    [Trait("rfc", "9000 §10.1")]
    public void Silence_ends_at_the_smaller_idle_timeout()
    {
        PairOptions options = new() { Client = new TransportOptions { MaxIdleTimeout = TimeSpan.FromSeconds(3) } };
        using EndpointPair pair = new(104, options, new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(2.5));
        Assert.False(pair.ServerConnection!.IsClosed);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseSource.IdleTimeout, pair.ClientEvents[^1].CloseSource);
        Assert.Equal(CloseSource.IdleTimeout, pair.ServerEvents[^1].CloseSource);
        Assert.Empty(pair.Client.Endpoint.Connections);
    }

    [Fact]
    [Trait("rfc", "9000 §10.1.2")]
    public void Keep_alive_keeps_an_idle_connection()
    {
        PairOptions options = new()
        {
            Client = new TransportOptions { MaxIdleTimeout = TimeSpan.FromSeconds(3), KeepAliveInterval = TimeSpan.FromSeconds(1) },
        };
        using EndpointPair pair = new(105, options, new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromMinutes(5));
        Assert.False(pair.ClientConnection.IsClosed);
        Assert.False(pair.ServerConnection!.IsClosed);
        // A PING and its acknowledgement each second, and hardly anything else.
        Assert.InRange(pair.Network.DatagramsSent, 500, 700);
    }

    [Fact]
    public void After_the_end_every_call_is_harmless()
    {
        using EndpointPair pair = new(106, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        QuicConnection client = pair.ClientConnection;
        client.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream);
        client.Close(1, []);
        pair.Network.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(0, client.Write(stream, "x"u8, true));
        Assert.Equal(0, client.Read(stream, new byte[1], out _));
        Assert.False(client.TryOpenStream(StreamDirection.Bidirectional, out _));
        Assert.False(client.TryQueueDatagram([1]));
        PacketSlot packet = default;
        Assert.Equal(DatagramStatus.NotReady, client.TransmitDatagram(pair.Network.Now, new byte[100], 50, 1, ref packet));
        client.Reset(stream, 0);
        client.StopSending(stream, 0);
        client.Close(2, []);
        client.Dispose();
        Assert.Equal(0, client.Transmit(pair.Network.Now, new byte[1500], out _, out _));
        Assert.Null(client.NextTimeout);
    }
}
