using Vpr.Io;
using Vpr.Quic.Tests.Connection;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Paths;

public class RebindingTests
{
    private static readonly UdpEndpoint Outside = UdpEndpoint.FromIpv4(0xcb007101, 40_000);

    [Fact]
    [Trait("rfc", "9000 §9.3")]
    public void A_server_follows_a_client_whose_nat_forgets_and_the_transfer_goes_on()
    {
        RebindingNat nat = new(Outside);
        using EndpointPair pair = new(71, new PairOptions(), nat, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.ClientConnection.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream);
        Transfer up = new(pair.ClientConnection, pair.ServerConnection!, stream, 2_000_000);
        Transfer down = new(pair.ServerConnection!, pair.ClientConnection, stream, 2_000_000);
        Instant rebindAt = pair.Network.Now + TimeSpan.FromMilliseconds(60);
        bool rebound = false;
        pair.Network.RunUntil(
            () =>
            {
                if (!rebound && pair.Network.Now > rebindAt)
                {
                    rebound = true;
                    nat.Rebind();
                }

                return up.Step() & down.Step();
            },
            TimeSpan.FromSeconds(60));
        Assert.True(rebound);
        Assert.Equal(Outside.Port + 1, pair.ServerConnection!.Path.Remote.Port);
        Assert.Equal(1UL, pair.ServerConnection.Statistics.PathChanges);
        Assert.True(EndpointPair.Has(pair.ServerEvents, ConnectionEventKind.PathChanged));
    }

    [Fact]
    [Trait("rfc", "9000 §9.4")]
    public void A_new_address_is_learned_from_the_start_and_a_new_port_is_not()
    {
        RebindingNat nat = new(Outside);
        using EndpointPair pair = new(72, new PairOptions(), nat, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Ping(pair);
        Assert.True(pair.ServerConnection!.Statistics.HasRttSample);
        nat.Rebind();
        pair.ClientConnection.TryQueueDatagram([1]);
        pair.Network.RunUntil(() => pair.ServerConnection.Statistics.PathChanges == 1, TimeSpan.FromSeconds(1));
        Assert.True(pair.ServerConnection.Statistics.HasRttSample);
        nat.Rebind(UdpEndpoint.FromIpv4(0xcb007163, 5));
        pair.ClientConnection.TryQueueDatagram([1]);
        pair.Network.RunUntil(() => pair.ServerConnection.Statistics.PathChanges == 2, TimeSpan.FromSeconds(1));
        Assert.False(pair.ServerConnection.Statistics.HasRttSample);
    }

    [Fact]
    [Trait("rfc", "9000 §8.2")]
    public void Rebinding_again_and_again_under_loss_loses_no_stream_data()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            RebindingNat nat = new(Outside);
            using EndpointPair pair = new(7300 + seed, new PairOptions(), nat, new LossLink(0.05), new DelayLink(TimeSpan.FromMilliseconds(10)));
            pair.ConnectAndConfirm();
            pair.ClientConnection.TryOpenStream(StreamDirection.Unidirectional, out StreamId stream);
            Transfer up = new(pair.ClientConnection, pair.ServerConnection!, stream, 400_000);
            Instant next = pair.Network.Now;
            pair.Network.RunUntil(
                () =>
                {
                    if (pair.Network.Now > next)
                    {
                        next = pair.Network.Now + TimeSpan.FromMilliseconds(150);
                        nat.Rebind();
                    }

                    return up.Step();
                },
                TimeSpan.FromSeconds(120));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rfc", "9000 §9.5")]
    public void A_peer_that_moves_with_a_new_id_is_answered_by_a_new_one(bool onPurpose)
    {
        RebindingNat nat = new(Outside);
        using EndpointPair pair = new(75, new PairOptions(), nat, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        ConnectionId before = pair.ServerConnection!.RemoteIds.Current;
        nat.Rebind();
        if (onPurpose) Assert.True(pair.ClientConnection.RemoteIds.TryRotate());
        pair.ClientConnection.TryQueueDatagram([1]);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(1UL, pair.ServerConnection.Statistics.PathChanges);
        Assert.Equal(onPurpose, pair.ServerConnection.RemoteIds.Current != before);
        Collector collector = new();
        pair.ClientConnection.DatagramHandler = collector;
        pair.ServerConnection.TryQueueDatagram([7]);
        pair.Network.RunUntil(() => collector.Received.Count == 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    [Trait("rfc", "9000 §9")]
    public void A_client_takes_nothing_from_another_address_than_its_servers()
    {
        using EndpointPair pair = new(74, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Collector collector = new();
        pair.ClientConnection.DatagramHandler = collector;
        pair.ServerConnection!.TryQueueDatagram([1]);
        byte[] packet = new byte[1500];
        int length = pair.Server.Endpoint.Transmit(pair.Network.Now, packet, out _, out _);
        pair.Client.Receive(
            pair.Network.Now, new DatagramPath(EndpointPair.ClientAddress, Outside), EcnCodepoint.NotEct, packet.AsSpan(0, length));
        Assert.Empty(collector.Received);
        Assert.Equal(EndpointPair.ServerAddress, pair.ClientConnection.Path.Remote);
    }

    private static void Ping(EndpointPair pair)
    {
        pair.ServerConnection!.TryQueueDatagram([1]);
        pair.Network.RunFor(TimeSpan.FromMilliseconds(200));
    }
}
