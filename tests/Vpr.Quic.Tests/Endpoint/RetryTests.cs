using Vpr.Io;
using Vpr.Testing;
using Vpr.Tls;

namespace Vpr.Quic.Tests.Endpoint;

public class RetryTests
{
    private static readonly PairOptions AlwaysRetry = new()
    {
        ServerEndpoint = new EndpointOptions { Random = new SeededRandom(0), RetryThreshold = 0 },
    };

    [Fact]
    [Trait("rfc", "9000 §8.1.2")]
    public void A_client_comes_back_with_the_token_and_connects()
    {
        using EndpointPair pair = new(31, AlwaysRetry, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        // One more round trip than without Retry.
        Assert.Equal(TimeSpan.FromMilliseconds(60), pair.Network.Elapsed);
        Assert.Single(pair.Server.Endpoint.Connections);
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.2")]
    public void A_two_datagram_hello_survives_retry()
    {
        using EndpointPair pair = new(32, AlwaysRetry with { Shape = ClientHelloShape.Chrome }, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        Assert.Single(pair.Server.Endpoint.Connections);
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void A_token_of_an_earlier_connection_spares_the_retry()
    {
        using EndpointPair pair = new(33, AlwaysRetry, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        ReadOnlyMemory<byte> token = pair.ClientConnection.AddressToken;
        Assert.False(token.IsEmpty);

        Instant start = pair.Network.Now;
        QuicConnection second = pair.Connect(token);
        pair.Network.RunUntil(() => second.IsHandshakeComplete, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(20), pair.Network.Now - start);
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void A_token_that_makes_no_sense_is_as_good_as_none()
    {
        using EndpointPair pair = new(34, AlwaysRetry, new DelayLink(TimeSpan.FromMilliseconds(10)));
        QuicConnection client = pair.Connect(new byte[70]);
        pair.Network.RunUntil(() => client.IsHandshakeComplete, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(40), pair.Network.Elapsed);
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void A_retry_token_that_comes_too_late_is_refused()
    {
        using EndpointPair pair = new(35, AlwaysRetry, new DelayLink(TimeSpan.FromSeconds(6)));
        QuicConnection client = pair.Connect();
        pair.Network.RunUntil(() => client.IsClosed, TimeSpan.FromSeconds(60));
        // The client's own patience ends first when the answer is two round trips away.
        Assert.Contains(pair.ClientEvents, ev => ev.Kind == ConnectionEventKind.Closed);
        Assert.Empty(pair.Server.Endpoint.Connections);
    }

    [Fact]
    [Trait("rfc", "9000 §17.2.5.2")]
    public void A_forged_retry_is_ignored()
    {
        using EndpointPair pair = new(36, AlwaysRetry, new DelayLink(TimeSpan.FromMilliseconds(10)));
        bool forged = false;
        pair.Client.Filter = (path, datagram) =>
        {
            if (forged || (datagram[0] & 0xf0) != 0xf0) return true;
            forged = true;
            datagram[20] ^= 1;
            pair.Client.Endpoint.Receive(pair.Network.Now, path, EcnCodepoint.NotEct, datagram);
            return true;
        };
        pair.ConnectAndConfirm();
        Assert.True(forged);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(100, 1)]
    public void Beyond_the_limits_clients_are_refused_with_the_code_until_there_is_room(int connections, int perSource)
    {
        PairOptions options = new()
        {
            ServerEndpoint = new EndpointOptions { Random = new SeededRandom(0), MaxConnections = connections, MaxConnectionsPerSource = perSource },
        };
        using EndpointPair pair = new(37, options, new DelayLink(TimeSpan.FromMilliseconds(10)));
        pair.ConnectAndConfirm();
        QuicConnection first = pair.ClientConnection;
        pair.Network.RunFor(TimeSpan.FromSeconds(1)); // the path's MTU is found
        pair.ClientEvents.Clear();
        QuicConnection second = pair.Connect();
        pair.Network.RunUntil(() => second.IsClosed, TimeSpan.FromSeconds(1));
        ConnectionEvent closed = Assert.Single(pair.ClientEvents);
        Assert.Equal(CloseSource.PeerTransport, closed.CloseSource);
        Assert.Equal((ulong)TransportErrorCode.ConnectionRefused, closed.ErrorCode);

        first.Close(0, []);
        pair.Network.RunFor(TimeSpan.FromSeconds(5));
        QuicConnection third = pair.Connect();
        pair.Network.RunUntil(() => third.IsHandshakeComplete, TimeSpan.FromSeconds(1));
    }
}
