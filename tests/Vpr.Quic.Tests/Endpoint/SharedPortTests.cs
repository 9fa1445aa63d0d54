using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Endpoint;

/// <summary>Several endpoints behind one address and port, between which connection IDs decide.</summary>
public class SharedPortTests
{
    private const int Attempts = 12;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(2, 128)]
    [InlineData(3, 128)]
    [InlineData(4, 128)]
    [InlineData(4, 0)]
    public void Every_packet_of_a_connection_leads_to_the_endpoint_that_accepted_it(int count, int retryThreshold)
    {
        HashSet<int> used = [];
        for (ulong seed = 1; seed <= Attempts; seed++)
        {
            using SharedPort port = new(seed, count, retryThreshold);
            QuicConnection client = port.Connect();
            port.Network.RunUntil(() => client.IsHandshakeComplete, s_limit);
            int owner = port.Owner();
            used.Add(owner);
            // Each packet either way, over new connection IDs and after the client's port changed: only one endpoint has a connection, and it hears of all.
            for (int i = 0; i < 20; i++)
            {
                if (i % 5 == 4) port.Nat.Rebind();
                client.TryQueueDatagram(new byte[200]);
                port.Network.RunFor(TimeSpan.FromMilliseconds(100));
            }

            Assert.Equal(owner, port.Owner());
            Assert.Equal(20, port.Received);
            // What is answered by Retry belongs to no connection yet.
            Assert.Equal(retryThreshold == 0 ? 1 : 0, port.Unclaimed);
        }

        Assert.Equal(count, used.Count);
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void A_token_of_one_endpoint_spares_the_retry_of_another()
    {
        HashSet<(int, int)> pairs = [];
        for (ulong seed = 1; seed <= Attempts; seed++)
        {
            using SharedPort port = new(seed, 2, retryThreshold: 0);
            QuicConnection first = port.Connect();
            port.Network.RunUntil(() => !first.AddressToken.IsEmpty, s_limit);
            int former = port.Owner();
            first.Close(0, default);
            port.Network.RunUntil(() => port.Endpoints.All(endpoint => endpoint.Connections.Count == 0), s_limit);

            Instant start = port.Network.Now;
            QuicConnection second = port.Connect(first.AddressToken);
            port.Network.RunUntil(() => second.IsHandshakeComplete, s_limit);
            Assert.Equal(2 * SharedPort.Delay, port.Network.Now - start);
            pairs.Add((former, port.Owner()));
        }

        Assert.Contains(pairs, pair => pair.Item1 != pair.Item2);
    }

    [Fact]
    [Trait("rfc", "9000 §10.3")]
    public void Only_the_endpoint_that_an_id_leads_to_says_that_it_is_unknown()
    {
        using SharedPort port = new(7, 2, retryThreshold: 128);
        DatagramPath path = new(EndpointPair.ServerAddress, EndpointPair.ClientAddress);
        foreach (byte first in (byte[])[6, 7])
        {
            for (int index = 0; index < 2; index++)
            {
                byte[] datagram = new byte[100], answer = new byte[1500];
                (datagram[0], datagram[1]) = (0x40, first);
                Assert.Null(port.Endpoints.ElementAt(index).Receive(port.Network.Now, path, EcnCodepoint.NotEct, datagram));
                Assert.Equal(first % 2 == index, port.Endpoints.ElementAt(index).Transmit(port.Network.Now, answer, out _, out _) > 0);
            }
        }
    }

    [Fact]
    public void A_client_hello_that_was_led_astray_opens_nothing()
    {
        using SharedPort port = new(8, 2, retryThreshold: 128) { LeadsAstray = true };
        port.Connect();
        port.Network.RunFor(TimeSpan.FromSeconds(5));
        Assert.All(port.Endpoints, endpoint => Assert.Empty(endpoint.Connections));
        Assert.True(port.Unclaimed > 0);
    }
}
