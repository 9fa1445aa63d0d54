using Vpr.Io;
using Vpr.Quic.Tests.Connection;
using Vpr.Testing;
using Vpr.Tls;

namespace Vpr.Quic.Tests.Endpoint;

public class AmplificationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rfc", "9000 §8.1")]
    public void A_server_sends_three_times_what_came_from_a_client_that_says_no_more(bool browser)
    {
        PairOptions options = browser ? new PairOptions { Shape = ClientHelloShape.Chrome } : new PairOptions();
        using EndpointPair pair = new(61, options, new DelayLink(TimeSpan.FromMilliseconds(5)));
        long received = 0, sent = 0;
        pair.Network.Observer = (_, what, datagram) =>
        {
            if (what == "sent" && datagram.Source == EndpointPair.ServerAddress) sent += datagram.Length;
        };
        pair.Server.Filter = (_, datagram) =>
        {
            // The first flight alone gets through.
            if (pair.Network.Elapsed > TimeSpan.FromMilliseconds(6)) return false;
            received += datagram.Length;
            return true;
        };
        pair.Connect();
        pair.Network.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange(sent, 1, received * 3);
        Assert.Empty(pair.Server.Endpoint.Connections);
    }

    [Fact]
    [Trait("rfc", "9000 §8.1")]
    public void A_lost_answer_of_the_server_does_not_leave_both_waiting()
    {
        // Everything that the server may send at first is lost: the client's probes let it go on.
        using EndpointPair pair = new(
            62, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(5)),
            new DropLink((direction, number) => direction == LinkDirection.RightToLeft && number < 3));
        pair.ConnectAndConfirm();
        Assert.True(pair.ClientConnection.IsHandshakeComplete);
    }

    [Fact]
    [Trait("rfc", "9000 §9.3.2")]
    public void A_packet_replayed_from_elsewhere_draws_little_traffic_and_the_path_comes_back()
    {
        using EndpointPair pair = new(63, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        UdpEndpoint attacker = UdpEndpoint.FromIpv4(0xc6336401, 666);
        long drawn = 0;
        pair.Network.Observer = (_, what, datagram) =>
        {
            if (what == "sent" && datagram.Destination == attacker) drawn += datagram.Length;
        };

        // The attacker's copy overtakes the client's own datagram, which never arrives.
        pair.ClientConnection.TryQueueDatagram(new byte[300]);
        byte[] stolen = new byte[1500];
        int length = pair.Client.Endpoint.Transmit(pair.Network.Now, stolen, out _, out _);
        pair.Server.Receive(pair.Network.Now, new DatagramPath(EndpointPair.ServerAddress, attacker), EcnCodepoint.NotEct, stolen.AsSpan(0, length));
        Assert.Equal(attacker, pair.ServerConnection!.Path.Remote);
        for (int i = 0; i < 200; i++) pair.ServerConnection.TryQueueDatagram(new byte[300]);

        pair.Network.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(drawn, 1, length * 3);
        Assert.Equal(EndpointPair.ClientAddress, pair.ServerConnection.Path.Remote);
        Collector collector = new();
        pair.ServerConnection.DatagramHandler = collector;
        pair.ClientConnection.TryQueueDatagram(new byte[10]);
        pair.Network.RunUntil(() => collector.Received.Count == 1, TimeSpan.FromSeconds(1));
    }
}
