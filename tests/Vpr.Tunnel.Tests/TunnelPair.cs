using Vpr.Crypto;
using Vpr.Http3;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Testing;
using Vpr.Tls;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel.Tests;

/// <summary>A whole client and a whole server in one process, from TUN buffer to TUN buffer: datagrams are handed over at once, and time moves only when asked.</summary>
internal sealed class TunnelPair : ITunnelAuthenticator, IDisposable
{
    private const int SlotSize = 2048;

    private static readonly UdpEndpoint s_clientAddress = UdpEndpoint.FromIpv4(0x0A00_0001, 50_000);
    private static readonly UdpEndpoint s_serverAddress = UdpEndpoint.FromIpv4(0xC000_0201, 443);

    private readonly SeededRandom _random = new(11);
    private readonly X25519PrivateKey _clientKey, _serverKey;
    private readonly QuicEndpoint _clientEndpoint, _serverEndpoint;
    private readonly QuicConnection _transport;
    private readonly Http3Connection _clientHttp;
    private readonly ClientAuthentication _authentication;
    private readonly ConnectIpClient _client;
    private readonly AddressPool _pool = new(Prefix("10.86.0.0/24"), Prefix("fd00:86::/64"));
    private readonly byte[] _datagram = new byte[SlotSize];
    private readonly byte[] _slot = new byte[SlotSize];
    private Http3Connection? _serverHttp;
    private ConnectIpServer? _acceptor;

    private readonly SessionFeatures _granted;

    /// <param name="granted">What the server grants a client that asks for sealed packets.</param>
    public TunnelPair(SessionFeatures granted = SessionFeatures.SealedPackets)
    {
        _granted = granted;
        _clientKey = X25519PrivateKey.Generate(_random);
        _serverKey = X25519PrivateKey.Generate(_random);
        _clientEndpoint = new QuicEndpoint(new EndpointOptions { Random = _random.Fork() });
        _serverEndpoint = new QuicEndpoint(new EndpointOptions { Random = _random.Fork(), Server = ServerOptions() });
        _transport = _clientEndpoint.Connect(Now, new DatagramPath(default, s_serverAddress), ClientOptions());
        _clientHttp = new Http3Connection(_transport, isServer: false, new Http3Settings { H3Datagram = true }, _random.Fork());
        _authentication = new ClientAuthentication(_clientKey, _serverKey.PublicKey.ToArray(), SessionPair.Parameters(0), _random.Fork());
        Client = new TunnelSession(FromServer);
        Server = new TunnelSession(FromClient);
        UriTemplate.TryParse("https://server.test" + UriTemplate.DefaultPath, out UriTemplate? template);
        _client = new ConnectIpClient(_clientHttp, new ConnectIpRequest { Template = template! }, _authentication, Client);
        Run(() => Client.IsOpen && Server.IsOpen && Client.Addresses.Length == 2 && Client.Mtu == TunnelSession.LargestMtu);
    }

    public Instant Now { get; private set; } = new(1_000_000_000);

    public TunnelSession Client { get; }

    public TunnelSession Server { get; }

    /// <summary>What the client's TUN device would get.</summary>
    public LastPacket FromServer { get; } = new();

    /// <summary>What the server's TUN device would get.</summary>
    public LastPacket FromClient { get; } = new();

    /// <summary>Sends an inner packet and hands the datagram to the other end.</summary>
    /// <returns>Whether a datagram was sent at once.</returns>
    public bool Send(TunnelSession from, ReadOnlySpan<byte> packet)
    {
        var slot = new PacketSlot { Offset = from.MeasureHeader() + TunnelSession.AckRoom, Length = packet.Length };
        packet.CopyTo(_slot.AsSpan(slot.Offset));
        return from.TrySend(Now, _slot, ref slot) && HandOver(from, slot);
    }

    /// <summary>As <see cref="Send"/>, for a segment of a super-packet that was judged.</summary>
    public bool SendSegment(TunnelSession from, ReadOnlySpan<byte> segment, in IpPacket judged)
    {
        var slot = new PacketSlot { Offset = from.MeasureHeader() + TunnelSession.AckRoom, Length = segment.Length };
        segment.CopyTo(_slot.AsSpan(slot.Offset));
        return from.TrySendSegment(Now, _slot, judged, ref slot) && HandOver(from, slot);
    }

    /// <summary>Sends a packet that had to wait and hands the datagram to the other end.</summary>
    /// <returns>Whether one was sent.</returns>
    public bool SendQueued(TunnelSession from)
    {
        PacketSlot slot = default;
        return from.TrySendQueued(Now, _slot, ref slot) && HandOver(from, slot);
    }

    private bool HandOver(TunnelSession from, in PacketSlot slot)
    {
        bool fromClient = from == Client;
        (fromClient ? _serverEndpoint : _clientEndpoint).Receive(
            Now, fromClient ? ToServer : ToClient, slot.Ecn, _slot.AsSpan(slot.Offset, slot.Length));
        return true;
    }

    /// <summary>Lets everything that is due happen, and one millisecond pass.</summary>
    public void Step()
    {
        Now += TimeSpan.FromMilliseconds(1);
        bool moved = true;
        while (moved)
        {
            moved = Carry(_clientEndpoint, _serverEndpoint, ToServer) | Carry(_serverEndpoint, _clientEndpoint, ToClient);
            FollowClient();
            FollowServer();
        }
    }

    public TunnelGrant? Authenticate(ReadOnlySpan<byte> message, IChannelBinding binding)
    {
        if (!ServerAuthentication.TryRead(message, binding, _serverKey, _random, out ServerAuthentication? authentication)) return null;
        using (authentication)
        {
            var key = new PeerKey(authentication.ClientPublicKey);
            byte[] response = authentication.Accept(SessionPair.Parameters(0, _granted), out SessionKeys keys);
            using (keys) Server.SetKeys(keys);
            return new TunnelGrant { Client = key, Response = response, Handler = Server, Addresses = _pool.For(key), TakesPlainPackets = _granted == SessionFeatures.None };
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _authentication.Dispose();
        _clientEndpoint.Dispose();
        _serverEndpoint.Dispose();
        _clientKey.Dispose();
        _serverKey.Dispose();
    }

    private static DatagramPath ToServer => new(s_serverAddress, s_clientAddress);

    private static DatagramPath ToClient => new(s_clientAddress, s_serverAddress);

    private void Run(Func<bool> until)
    {
        for (int steps = 0; !until(); steps++)
        {
            if (steps == 10_000) throw new InvalidOperationException("The tunnel did not come up within 10 s of virtual time.");
            Step();
        }
    }

    private bool Carry(QuicEndpoint from, QuicEndpoint to, in DatagramPath path)
    {
        from.OnTimeout(Now);
        bool any = false;
        for (int length; (length = from.Transmit(Now, _datagram, out _, out EcnCodepoint ecn)) > 0; any = true)
            to.Receive(Now, path, ecn, _datagram.AsSpan(0, length));
        return any;
    }

    private void FollowClient()
    {
        while (_clientEndpoint.TryTakeEventful(out _))
        {
            _clientHttp.Process();
            while (_clientHttp.TryTakeEvent(out Http3Event ev)) _client.OnEvent(ev);
            if (_client.State == ConnectIpClientState.Open && _authentication.TryTakeKeys(out SessionKeys? keys))
            {
                using (keys) Client.SetKeys(keys);
                Client.Open(_client.Tunnel!);
            }
        }
    }

    private void FollowServer()
    {
        if (_serverEndpoint.TryAccept(out QuicConnection? accepted))
        {
            _serverHttp = new Http3Connection(accepted, isServer: true, new Http3Settings { EnableConnectProtocol = true, H3Datagram = true }, _random.Fork());
            _acceptor = new ConnectIpServer(this);
        }

        while (_serverEndpoint.TryTakeEventful(out _))
        {
            _serverHttp!.Process();
            while (_serverHttp.TryTakeEvent(out Http3Event ev))
            {
                if (ev.Kind == Http3EventKind.RequestReceived && _acceptor!.TryAccept(ev.Stream!, out ConnectIpStream? tunnel)) Server.Open(tunnel);
                else if (ev.Stream?.State is ConnectIpStream open) open.OnEvent(ev);
            }
        }
    }

    private ClientConnectionOptions ClientOptions() => new()
    {
        Tls = new ClientHandshakeOptions
        {
            ServerName = TestServerIdentity.ServerName,
            ApplicationProtocols = ["h3"],
            Trust = TestServerIdentity.Trust,
            VerificationTime = TestServerIdentity.ValidTime,
            Random = _random.Fork(),
        },
    };

    private ServerConnectionOptions ServerOptions() => new()
    {
        Tls = new ServerHandshakeOptions
        {
            Certificates = [TestServerIdentity.Certificate],
            ApplicationProtocols = ["h3"],
            Random = _random.Fork(),
        },
    };

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new ArgumentException(text);

    /// <summary>Keeps the last packet without allocating.</summary>
    internal sealed class LastPacket : ITunnelHandler
    {
        private readonly byte[] _octets = new byte[SlotSize];
        private int _length;

        public int Count { get; private set; }

        public ReadOnlySpan<byte> Packet => _octets.AsSpan(0, _length);

        public void OnPacket(TunnelSession session, Span<byte> packet)
        {
            packet.CopyTo(_octets);
            _length = packet.Length;
            Count++;
        }

        public void OnConfigured(TunnelSession session)
        {
        }
    }
}
