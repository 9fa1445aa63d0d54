using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Testing;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Endpoint;

public class VersionNegotiationTests
{
    [Fact]
    [Trait("rfc", "9000 §6.1")]
    public void A_server_names_its_versions_to_a_client_of_another()
    {
        using EndpointPair pair = new(41, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        byte[] hello = UnknownVersion(1200, destinationLength: 200, sourceLength: 255);
        Assert.Null(pair.Server.Endpoint.Receive(pair.Network.Now, ServerPath, EcnCodepoint.NotEct, hello));

        byte[] reply = new byte[1500];
        int length = pair.Server.Endpoint.Transmit(pair.Network.Now, reply, out DatagramPath path, out _);
        Assert.Equal(EndpointPair.ClientAddress, path.Remote);
        Assert.True(VersionNegotiationPacket.TryParse(reply.AsSpan(0, length), out VersionNegotiationPacket packet, out _));
        Assert.Equal(255, packet.DestinationConnectionId.Length);
        Assert.Equal(200, packet.SourceConnectionId.Length);
        List<uint> versions = [];
        foreach (uint version in packet.SupportedVersions) versions.Add(version);
        Assert.Contains(1u, versions);
        // RFC 9000 §6.3: one of them is reserved, so that clients stay used to unknown ones.
        Assert.Contains(versions, version => (version & 0x0f0f0f0f) == 0x0a0a0a0a);
    }

    [Fact]
    [Trait("rfc", "9000 §6.1")]
    public void A_small_datagram_gets_no_answer()
    {
        using EndpointPair pair = new(42, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.Server.Endpoint.Receive(pair.Network.Now, ServerPath, EcnCodepoint.NotEct, UnknownVersion(1199, 8, 8));
        Assert.Equal(0, pair.Server.Endpoint.Transmit(pair.Network.Now, new byte[1500], out _, out _));
    }

    [Theory]
    [InlineData(0x6b3343cfu, true)]
    [InlineData(1u, false)]
    [Trait("rfc", "9000 §6.2")]
    public void A_client_gives_up_unless_its_own_version_is_listed(uint offered, bool givesUp)
    {
        using EndpointPair pair = new(43, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        QuicConnection client = pair.Connect();
        byte[] initial = new byte[1500];
        int length = pair.Client.Endpoint.Transmit(pair.Network.Now, initial, out _, out _);
        Assert.True(InvariantLongHeader.TryParse(initial.AsSpan(0, length), out InvariantLongHeader header, out _));
        byte[] reply = [0xc0, 0, 0, 0, 0, (byte)header.SourceConnectionId.Length, .. header.SourceConnectionId,
            (byte)header.DestinationConnectionId.Length, .. header.DestinationConnectionId, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(reply.Length - 4), offered);
        pair.Client.Receive(pair.Network.Now, ClientPath, EcnCodepoint.NotEct, reply);

        Assert.Equal(givesUp, client.IsClosed);
        if (givesUp) Assert.Equal(CloseSource.VersionNegotiation, Assert.Single(pair.ClientEvents).CloseSource);
    }

    [Fact]
    [Trait("rfc", "9000 §6.2")]
    public void After_any_other_packet_it_is_ignored()
    {
        using EndpointPair pair = new(44, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.ConnectAndConfirm();
        byte[] reply = [0xc0, 0, 0, 0, 0, 0, 0, 0x6b, 0x33, 0x43, 0xcf];
        pair.Client.Receive(pair.Network.Now, ClientPath, EcnCodepoint.NotEct, reply);
        Assert.False(pair.ClientConnection.IsClosed);
    }

    private static DatagramPath ServerPath => new(EndpointPair.ServerAddress, EndpointPair.ClientAddress);

    private static DatagramPath ClientPath => new(EndpointPair.ClientAddress, EndpointPair.ServerAddress);

    private static byte[] UnknownVersion(int length, int destinationLength, int sourceLength)
    {
        byte[] datagram = new byte[length];
        datagram[0] = 0xc0;
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(1), 0x1a2a3a4a);
        datagram[5] = (byte)destinationLength;
        datagram[6 + destinationLength] = (byte)sourceLength;
        return datagram;
    }
}
