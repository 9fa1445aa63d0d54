using Vpr.Io;
using Vpr.Testing;
using Vpr.Tls;

namespace Vpr.Quic.Tests.Connection;

public class HandshakeTests
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(10);

    [Fact]
    [Trait("rfc", "9001 §4.1")]
    public void Both_ends_complete_and_confirm()
    {
        using EndpointPair pair = new(1, new PairOptions(), new DelayLink(OneWay));
        pair.ConnectAndConfirm();

        Assert.Equal("test", pair.ClientConnection.NegotiatedProtocol);
        Assert.Equal("test", pair.ServerConnection!.NegotiatedProtocol);
        Assert.Equal(TestServerIdentity.ServerName, pair.ServerConnection.ServerName);
        Assert.True(pair.ClientConnection.MaxDatagramPayload > 0);
        Assert.False(pair.ClientConnection.AddressToken.IsEmpty);
        byte[] mine = new byte[32], theirs = new byte[32];
        pair.ClientConnection.ExportKeyingMaterial("test"u8, [], mine);
        pair.ServerConnection.ExportKeyingMaterial("test"u8, [], theirs);
        Assert.Equal(mine, theirs);
    }

    [Fact]
    [Trait("rfc", "9001 §4.1")]
    public void It_takes_one_round_trip_to_complete_at_the_client_and_two_to_be_confirmed()
    {
        using EndpointPair pair = new(2, new PairOptions(), new DelayLink(OneWay));
        pair.Connect();
        pair.Network.RunUntil(() => EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.HandshakeCompleted), TimeSpan.FromSeconds(1));
        Assert.Equal(OneWay * 2, pair.Network.Elapsed);
        pair.Network.RunUntil(() => EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.HandshakeConfirmed), TimeSpan.FromSeconds(1));
        Assert.Equal(OneWay * 4, pair.Network.Elapsed);
    }

    [Fact]
    public void A_browsers_two_datagram_hello_with_a_post_quantum_key_share_works()
    {
        using EndpointPair pair = new(3, new PairOptions { Shape = ClientHelloShape.Chrome }, new DelayLink(OneWay));
        pair.ConnectAndConfirm();
        Assert.Equal(OneWay * 4, pair.Network.Elapsed);
    }

    [Fact]
    [Trait("rfc", "9000 §14.1")]
    public void Every_datagram_with_a_clients_initial_has_1200_bytes()
    {
        using EndpointPair pair = new(4, new PairOptions { Shape = ClientHelloShape.Chrome }, new DelayLink(OneWay));
        List<int> sizes = [];
        pair.Server.Filter = (_, datagram) =>
        {
            if ((datagram[0] & 0xb0) == 0x80) sizes.Add(datagram.Length);
            return true;
        };
        pair.ConnectAndConfirm();
        Assert.NotEmpty(sizes);
        Assert.All(sizes, size => Assert.True(size >= 1200));
    }

    [Fact]
    [Trait("rfc", "9001 §8.1")]
    public void No_common_application_protocol_closes_with_the_alert()
    {
        using EndpointPair pair = new(5, new PairOptions { ClientProtocols = ["other"] }, new DelayLink(OneWay));
        pair.Connect();
        pair.Network.RunUntil(() => EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.Closed), TimeSpan.FromSeconds(1));
        ConnectionEvent closed = Assert.Single(pair.ClientEvents);
        Assert.Equal(CloseSource.PeerTransport, closed.CloseSource);
        Assert.Equal((ulong)TransportErrorCode.CryptoError + (ulong)TlsAlert.NoApplicationProtocol, closed.ErrorCode);
    }

    [Fact]
    public void A_silent_server_ends_the_handshake_in_time()
    {
        using EndpointPair pair = new(6, new PairOptions(), new LossLink(1));
        pair.Connect();
        pair.Network.RunUntil(() => EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.Closed), TimeSpan.FromSeconds(60));
        Assert.Equal(CloseSource.HandshakeTimeout, Assert.Single(pair.ClientEvents).CloseSource);
        Assert.Equal(new TransportOptions().HandshakeTimeout, pair.Network.Elapsed);
        Assert.Empty(pair.Client.Endpoint.Connections);
    }
}
