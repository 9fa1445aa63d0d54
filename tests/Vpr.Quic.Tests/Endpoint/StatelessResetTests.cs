using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Endpoint;

public class StatelessResetTests
{
    private static readonly PairOptions Keyed = new()
    {
        ServerEndpoint = new EndpointOptions { Random = new SeededRandom(0), StatelessResetKey = new byte[32] },
    };

    [Fact]
    [Trait("rfc", "9000 §10.3")]
    public void A_client_learns_at_once_that_its_server_was_started_again()
    {
        using EndpointPair pair = new(51, Keyed, new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.Server.Endpoint.Dispose();
        pair.Server.Endpoint = pair.MakeServer();

        Instant start = pair.Network.Now;
        pair.ClientConnection.TryQueueDatagram(new byte[100]);
        pair.Network.RunUntil(() => pair.ClientConnection.IsClosed, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(10), pair.Network.Now - start);
        Assert.Equal(CloseSource.StatelessReset, pair.ClientEvents[^1].CloseSource);
        Assert.Empty(pair.Client.Endpoint.Connections);
    }

    /// <summary>The first ends the connection and erases its keys; what came together with it, for the same ID, finds none.</summary>
    [Fact]
    [Trait("rfc", "9000 §10.3")]
    public void Resets_that_come_together_end_the_connection_once()
    {
        using EndpointPair pair = new(55, Keyed, new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.Server.Endpoint.Dispose();
        pair.Server.Endpoint = pair.MakeServer();
        byte[] reset = [];
        pair.Client.Filter = (_, datagram) =>
        {
            reset = datagram;
            return false;
        };
        pair.ClientConnection.TryQueueDatagram(new byte[100]);
        pair.Network.RunUntil(() => reset.Length > 0, TimeSpan.FromSeconds(1));

        byte[] run = [.. Enumerable.Repeat(reset, 40).SelectMany(static datagram => datagram)];
        pair.Client.Endpoint.ReceiveRun(
            pair.Network.Now, new DatagramPath(EndpointPair.ClientAddress, EndpointPair.ServerAddress), EcnCodepoint.NotEct, run, reset.Length);
        pair.Client.Deliver();
        Assert.Equal(CloseSource.StatelessReset, Assert.Single(pair.ClientEvents, static ev => ev.Kind == ConnectionEventKind.Closed).CloseSource);
        Assert.Empty(pair.Client.Endpoint.Connections);
    }

    [Fact]
    [Trait("rfc", "9000 §10.3.2")]
    public void Another_key_gives_resets_that_nobody_believes()
    {
        using EndpointPair pair = new(52, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        pair.Server.Endpoint.Dispose();
        pair.Server.Endpoint = pair.MakeServer();
        pair.ClientConnection.TryQueueDatagram(new byte[100]);
        pair.Network.RunFor(TimeSpan.FromSeconds(5));
        Assert.False(pair.ClientConnection.IsClosed);
    }

    [Theory]
    [InlineData(21, 0)]
    [InlineData(22, 21)]
    [InlineData(30, 29)]
    [InlineData(1200, 42)]
    [Trait("rfc", "9000 §10.3")]
    public void A_reset_is_shorter_than_its_cause(int cause, int expected)
    {
        using EndpointPair pair = new(53, Keyed);
        byte[] datagram = new byte[cause];
        datagram[0] = 0x40;
        pair.Server.Endpoint.Receive(pair.Network.Now, new DatagramPath(EndpointPair.ServerAddress, EndpointPair.ClientAddress), EcnCodepoint.NotEct, datagram);
        byte[] reply = new byte[1500];
        int length = pair.Server.Endpoint.Transmit(pair.Network.Now, reply, out _, out _);
        Assert.Equal(expected, length);
        if (length > 0) Assert.Equal(0x40, reply[0] & 0xc0);
    }

    [Fact]
    [Trait("rfc", "9000 §10.3.3")]
    public void Two_endpoints_without_state_do_not_go_on_for_ever()
    {
        using EndpointPair pair = new(54, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(5)));
        byte[] datagram = new byte[1200];
        datagram[0] = 0x40;
        pair.Server.Endpoint.Receive(pair.Network.Now, new DatagramPath(EndpointPair.ServerAddress, EndpointPair.ClientAddress), EcnCodepoint.NotEct, datagram);
        pair.Network.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange(pair.Network.DatagramsSent, 1, 25);
    }
}
