using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

public class KeyUpdateTests
{
    [Fact]
    [Trait("rfc", "9001 §6")]
    public void Either_end_updates_and_the_other_follows()
    {
        using EndpointPair pair = new(91, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(5)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        QuicConnection[] ends = [pair.ClientConnection, pair.ServerConnection!];
        for (int i = 0; i < 6; i++)
        {
            ends[i % 2].InitiateKeyUpdate();
            ends[i % 2].TryQueueDatagram([1]);
            pair.Network.RunFor(TimeSpan.FromSeconds(1));
            ends[1 - i % 2].TryQueueDatagram([1]);
            pair.Network.RunFor(TimeSpan.FromSeconds(1));
            Assert.All(ends, end => Assert.Equal((ulong)i + 1, end.Statistics.KeyUpdates));
        }

        Assert.All(ends, end => Assert.Equal(0UL, end.Statistics.PacketsDropped));
    }

    [Fact]
    [Trait("rfc", "9001 §6.6")]
    public void Keys_are_updated_all_through_a_transfer_with_loss_and_reordering()
    {
        TransportOptions often = new() { KeyUpdateInterval = 40 };
        for (ulong seed = 0; seed < 20; seed++)
        {
            using EndpointPair pair = new(
                9200 + seed, new PairOptions { Client = often, Server = often },
                new LossLink(0.03), new DelayLink(TimeSpan.FromMilliseconds(5)), new ReorderLink(0.1, TimeSpan.FromMilliseconds(4)));
            pair.ConnectAndConfirm();
            pair.ClientConnection.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream);
            Transfer up = new(pair.ClientConnection, pair.ServerConnection!, stream, 500_000);
            Transfer down = new(pair.ServerConnection!, pair.ClientConnection, stream, 500_000);
            pair.Network.RunUntil(() => up.Step() & down.Step(), TimeSpan.FromSeconds(60));
            Assert.True(pair.ClientConnection.Statistics.KeyUpdates >= 3, $"seed {9200 + seed}: {pair.ClientConnection.Statistics.KeyUpdates} updates");
        }
    }
}
