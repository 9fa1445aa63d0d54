using Vpr.Http3;
using Vpr.Http3.Tests;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Testing;
using Vpr.Wire.Noise;

namespace Vpr.Masque.Tests;

/// <summary>CONNECT-IP from a whole client to a whole server, over our own HTTP/3 and QUIC, in virtual time.</summary>
public sealed class TunnelTests : IDisposable
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(10);

    private readonly Http3Pair _pair;
    private readonly Gateway _gateway;
    private bool _outage;

    public TunnelTests()
    {
        _pair = new Http3Pair(71, new DelayLink(OneWay), new DropLink((_, _) => _outage));
        _gateway = new Gateway(_pair.Server, AddressPoolTests.Pool("10.77.0.0/24", "fd00:77::/64"));
    }

    [Fact]
    [Trait("rfc", "9484 §4.4, §4.5, §4.7, §6")]
    public void PacketsPassBothWays()
    {
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));

        // Handshake; the server's settings; then the request with its first capsule, and answer, routes and addresses together.
        Assert.Equal(OneWay * 6, _pair.Network.Elapsed);
        Assert.Equal(RouteTable.Everything.Ranges.ToArray(), caller.Tunnel.Session.PeerRoutes.Ranges.ToArray());
        ConnectIpStream server = Assert.Single(_gateway.Tunnels);

        foreach ((string inner, string target) in new[] { (caller.Address(0), "198.51.100.7"), (caller.Address(1), "2001:db8::7") })
        {
            caller.Send(TestPackets.EchoRequest(inner, target, 1));
            _pair.Network.RunUntil(() => _gateway.Log.Log.Count > 0, TimeSpan.FromSeconds(1));
            Assert.Equal($"packet {inner} > {target}", _gateway.Log.Take());
            byte[] reply = TestPackets.EchoRequest(target, inner, 1);
            Assert.Equal(PacketVerdict.Forward, server.Session.PrepareOutgoing(reply, 1500, out _));
            Assert.True(server.TryQueue(DatagramContext.PlainPacket, reply));
            _pair.Server.Deliver();
            _pair.Network.RunUntil(() => caller.Log.Packets.Count > 0, TimeSpan.FromSeconds(1));
            Assert.Equal(reply, caller.Log.Packets[0]);
            caller.Log.Packets.Clear();
        }
    }

    [Fact]
    [Trait("rfc", "9484 §6")]
    public void PacketIsSentWhereItLies()
    {
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));
        byte[] packet = TestPackets.Udp(caller.Address(0), "198.51.100.7", payload: 1000);
        byte[] slot = new byte[2048];
        packet.CopyTo(slot, 256);
        HttpDatagramWriter header = caller.Tunnel.DatagramHeader(DatagramContext.PlainPacket);
        PacketSlot sent = default;
        Assert.Equal(DatagramStatus.Sent, caller.Tunnel.Transmit(_pair.Network.Now, header, slot, 256, packet.Length, ref sent));
        Assert.InRange(sent.Offset, 200, 255);
        byte[] datagram = slot[sent.Offset..(sent.Offset + sent.Length)];
        _pair.Server.Receive(_pair.Network.Now, new DatagramPath(sent.Path.Remote, UdpEndpoint.FromIpv4(0x0a000001, 50_000)), sent.Ecn, datagram);
        Assert.Equal(packet, Assert.Single(_gateway.Log.Packets));
        Assert.Equal(DatagramStatus.TooLarge, caller.Tunnel.Transmit(_pair.Network.Now, header, new byte[4096], 256, 3000, ref sent));
    }

    [Fact]
    public void PacketTooLargeForADatagramGoesByCapsule()
    {
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));
        byte[] packet = TestPackets.Udp(caller.Address(0), "198.51.100.7", payload: 9000);
        Assert.InRange(caller.Tunnel.MaxPayload(0), 1000, 1500);
        caller.Send(packet);
        _pair.Network.RunUntil(() => _gateway.Log.Packets.Count > 0, TimeSpan.FromSeconds(1));
        Assert.Equal(packet.Length, _gateway.Log.Packets[0].Length);
    }

    [Fact]
    [Trait("rfc", "9484 §4.7")]
    public void SpoofedSourceIsDropped()
    {
        Caller caller = new(_pair, "key 1");
        Caller other = new(_pair, "key 2");
        _pair.Network.RunUntil(() => caller.HasAddresses && other.HasAddresses, TimeSpan.FromSeconds(5));
        byte[] spoofed = TestPackets.Udp(other.Address(0), "198.51.100.7");
        Assert.True(caller.Tunnel.TryQueue(DatagramContext.PlainPacket, spoofed));
        caller.Send(TestPackets.Udp(caller.Address(0), "198.51.100.8"));
        _pair.Network.RunUntil(() => _gateway.Log.Packets.Count > 0, TimeSpan.FromSeconds(1));
        Assert.Equal($"dropped SourceNotPermitted\npacket {caller.Address(0)} > 198.51.100.8", _gateway.Log.Take());
    }

    [Fact]
    public void EndToEndContextCarriesWhatPlainDatagramsMayNot()
    {
        _gateway.TakesPlainPackets = false;
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));
        DatagramContext context = caller.Tunnel.Session.RegisterContext(ContextFormat.NoiseTransport, 0);
        caller.Tunnel.Flush();
        caller.Tunnel.TryQueue(context.Id, "sealed"u8);
        caller.Tunnel.TryQueue(DatagramContext.PlainPacket, TestPackets.Udp(caller.Address(0), "198.51.100.7"));
        _pair.Client.Deliver();
        _pair.Network.RunFor(OneWay * 3);
        Assert.Equal("registered 2 NoiseTransport 0\ncontext 2: sealed", _gateway.Log.Take());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReconnectKeepsTheAddresses(bool serverRestarts)
    {
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));
        IpPrefix[] before = caller.Tunnel.Session.AssignedToUs.ToArray();

        if (serverRestarts)
        {
            // A new process knows nothing but its configuration; its stateless reset tells the client, who asks for what it had.
            _pair.Server.Restart(_pair.MakeServer());
            _gateway.Pool = AddressPoolTests.Pool("10.77.0.0/24", "fd00:77::/64");
            for (int i = 0; i < 50; i++) _gateway.Pool.TryLease(AddressPoolTests.Key(100 + i), IpVersion.V4, IpAddress.Unspecified(IpVersion.V4), out _);
            caller.Send(TestPackets.Udp(caller.Address(0), "198.51.100.7"));
        }
        else _outage = true;

        _pair.Network.RunUntil(() => caller.Client.State == ConnectIpClientState.Closed, TimeSpan.FromMinutes(2));
        _outage = false;
        Caller again = new(_pair, "key 1", before);
        _pair.Network.RunUntil(() => again.HasAddresses, TimeSpan.FromSeconds(5));
        Assert.Equal(before, again.Tunnel.Session.AssignedToUs.ToArray());
        again.Send(TestPackets.Udp(again.Address(0), "198.51.100.7"));
        _pair.Network.RunUntil(() => _gateway.Log.Packets.Count > 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void WithoutAKeyTheTunnelDoesNotExist()
    {
        Caller unknown = new(_pair, "stranger");
        _pair.Network.RunUntil(() => unknown.Client.State == ConnectIpClientState.Refused, TimeSpan.FromSeconds(5));
        Assert.Equal(404, unknown.Client.RefusedStatus);
        Assert.Empty(_gateway.Tunnels);

        // Other paths and requests without credentials end at the same handler.
        Assert.Equal(1, _gateway.WebsiteRequests);
        Assert.Null(unknown.Client.Tunnel);
    }

    [Fact]
    public void ServerThatCannotProveItselfIsLeft()
    {
        _gateway.Forge = true;
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.Client.State == ConnectIpClientState.ServerNotAuthentic, TimeSpan.FromSeconds(5));
        Assert.Null(caller.Client.Tunnel);
        _pair.Network.RunFor(OneWay * 3);
        Assert.All(_gateway.Tunnels, tunnel => Assert.False(tunnel.IsOpen));
    }

    [Fact]
    public void EndOfOneSideEndsTheOther()
    {
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));
        caller.Tunnel.Close();
        _pair.Network.RunUntil(() => !_gateway.Tunnels[0].IsOpen, TimeSpan.FromSeconds(1));
        Assert.True(_gateway.Tunnels[0].Stream.IsClosed);
        Assert.False(_gateway.Tunnels[0].TryQueue(0, [1]));
    }

    [Fact]
    public void MalformedCapsuleEndsTheTunnelAndNotTheConnection()
    {
        Caller caller = new(_pair, "key 1");
        _pair.Network.RunUntil(() => caller.HasAddresses, TimeSpan.FromSeconds(5));
        caller.Tunnel.Stream.Write([0x02, 0x00], fin: false); // an ADDRESS_REQUEST that asks for nothing
        _pair.Network.RunUntil(() => caller.Client.State == ConnectIpClientState.Closed, TimeSpan.FromSeconds(1));
        Assert.Contains(_pair.Client.Events, ev => ev.Kind == Http3EventKind.StreamReset && ev.ErrorCode == (ulong)Http3ErrorCode.MessageError);
        Assert.DoesNotContain(_pair.Client.Events, ev => ev.Kind == Http3EventKind.Closed);
    }

    [Theory]
    [InlineData("/.well-known/masque/ip/*/*/", true)]
    [InlineData("/.well-known/masque/ip/%2A/%2A/", true)]
    [InlineData("/.well-known/masque/ip/*/*", false)]
    [InlineData("/.well-known/masque/ip/*/*/x", false)]
    [InlineData("/.well-known/masque/ip/example.org/*/", false)]
    [InlineData("/.well-known/masque/udp/*/*/", false)]
    [InlineData("/", false)]
    public void OnlyTheTunnelsPathIsTheTunnels(string path, bool accepted)
    {
        Assert.True(UriTemplate.TryParse("https://server.test" + path, out UriTemplate? template));
        Caller caller = new(_pair, "key 1", template: template);
        _pair.Network.RunUntil(() => caller.Client.State is ConnectIpClientState.Open or ConnectIpClientState.Refused, TimeSpan.FromSeconds(5));
        Assert.Equal(accepted, caller.Client.State == ConnectIpClientState.Open);
        Assert.Equal(accepted ? 0 : 1, _gateway.WebsiteRequests);
    }

    public void Dispose() => _pair.Dispose();
}
