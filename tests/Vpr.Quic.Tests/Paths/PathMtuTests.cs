using Vpr.Io;
using Vpr.Quic.Tests.Connection;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Paths;

public class PathMtuTests
{
    [Theory]
    [InlineData(1500, 1472, 1472)]
    [InlineData(1472, 1472, 1472)]
    [InlineData(1452, 1436, 1452)]
    [InlineData(1360, 1344, 1360)]
    [InlineData(1210, 1200, 1210)]
    [InlineData(1200, 1200, 1200)]
    [Trait("rfc", "8899 §5.3")]
    public void The_largest_datagram_of_the_path_is_found(int carried, int atLeast, int atMost)
    {
        using EndpointPair pair = new(81, new PairOptions(), new MtuLink(carried), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(20));
        Assert.InRange(pair.ClientConnection.Statistics.MaxUdpPayload, atLeast, atMost);
        Assert.InRange(pair.ServerConnection!.Statistics.MaxUdpPayload, atLeast, atMost);
    }

    [Fact]
    [Trait("rfc", "9000 §14.4")]
    public void Lost_probes_do_not_shrink_the_window()
    {
        using EndpointPair pair = new(82, new PairOptions(), new MtuLink(1300), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        ulong before = pair.ClientConnection.Statistics.CongestionWindow;
        pair.Network.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(pair.ClientConnection.Statistics.CongestionWindow >= before);
    }

    [Fact]
    public void An_ordinary_path_carries_an_inner_packet_of_1280_bytes_after_one_more_round_trip()
    {
        using EndpointPair pair = new(83, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        // A round trip, and the time that a lone packet's acknowledgement may take.
        pair.Network.RunFor(TimeSpan.FromMilliseconds(20 + 25));
        Assert.True(pair.ClientConnection.MaxDatagramPayload >= 1280 + 64);
    }

    [Fact]
    [Trait("rfc", "8899 §4.3")]
    public void A_path_that_becomes_narrower_falls_back_and_the_transfer_goes_on()
    {
        int limit = 1500;
        using EndpointPair pair = new(84, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.Server.Filter = (_, datagram) => datagram.Length <= limit;
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1472, pair.ClientConnection.Statistics.MaxUdpPayload);
        limit = 1250;
        pair.ClientConnection.TryOpenStream(StreamDirection.Unidirectional, out StreamId stream);
        Transfer transfer = new(pair.ClientConnection, pair.ServerConnection!, stream, 200_000);
        pair.Network.RunUntil(transfer.Step, TimeSpan.FromSeconds(30));
        pair.Network.RunFor(TimeSpan.FromSeconds(20));
        Assert.InRange(pair.ClientConnection.Statistics.MaxUdpPayload, 1234, 1250);
    }

    [Fact]
    [Trait("rfc", "8899 §4.3")]
    public void Datagrams_that_are_never_sent_again_reveal_a_narrower_path_too()
    {
        int limit = 1500;
        using EndpointPair pair = new(85, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.Server.Filter = (_, datagram) => datagram.Length <= limit;
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        limit = 1250;
        int before = pair.ClientConnection.MaxDatagramPayload;
        for (int i = 0; i < 40; i++)
        {
            // Small ones in between arrive, so no probe timeout ever repeats.
            pair.ClientConnection.TryQueueDatagram(new byte[before]);
            pair.ClientConnection.TryQueueDatagram(new byte[10]);
            pair.Network.RunFor(TimeSpan.FromMilliseconds(20));
        }

        Assert.True(pair.ClientConnection.MaxDatagramPayload < 1250, $"{pair.ClientConnection.MaxDatagramPayload}");
        Assert.True(EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.PathChanged));
    }
}
