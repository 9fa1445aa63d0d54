using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Http3;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Tls;
using Vpr.Tunnel;
using Vpr.Wire.Noise;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>A server and a client of the whole engine in one process, from TUN buffer to TUN buffer: no socket, no device, and a clock that moves only when told.</summary>
/// <remarks>The server stays; <see cref="Connect"/> replaces the client. What the server does until a tunnel is up is timed apart from the client's part.</remarks>
internal sealed class EnginePair : ITunnelAuthenticator, IDisposable
{
    private const int MaxDatagram = 2048;
    private const string ServerName = "server.test";

    private static readonly DateTimeOffset ValidTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UdpEndpoint ClientAddress = UdpEndpoint.FromIpv4(0x0A00_0001, 50_000);
    private static readonly UdpEndpoint ServerAddress = UdpEndpoint.FromIpv4(0xC000_0201, 443);

    private readonly SystemRandom _random = new();
    private readonly SessionFeatures _features;
    private readonly X25519PrivateKey _clientKey, _serverKey;
    private readonly ServerTrust _trust;
    private readonly AddressPool _pool = new(Prefix("10.86.0.0/24"), Prefix("fd00:86::/64"));
    private readonly byte[] _datagram = new byte[MaxDatagram];
    private Http3Connection? _clientHttp, _serverHttp;
    private ClientAuthentication? _authentication;
    private ConnectIpClient? _client;
    private ConnectIpServer? _acceptor;
    private long _serverTicks;

    /// <summary>A server that waits for a client.</summary>
    /// <param name="seals">Whether inner packets are sealed end to end.</param>
    public EnginePair(bool seals)
    {
        _features = seals ? SessionFeatures.SealedPackets : SessionFeatures.None;
        _clientKey = X25519PrivateKey.Generate(_random);
        _serverKey = X25519PrivateKey.Generate(_random);
        X509Certificate2 certificate = Certificate();
        _trust = ServerTrust.PinnedKey(ServerTrust.PinOf(certificate));
        ClientEndpoint = new QuicEndpoint(new EndpointOptions { Random = _random });
        ServerEndpoint = new QuicEndpoint(new EndpointOptions { Random = _random, Server = ServerOptions(certificate) });
    }

    /// <summary>The clock of both ends.</summary>
    public Instant Now { get; set; } = new(1_000_000_000);

    /// <summary>The client's connections.</summary>
    public QuicEndpoint ClientEndpoint { get; }

    /// <summary>The server's connections.</summary>
    public QuicEndpoint ServerEndpoint { get; }

    /// <summary>The client's end of the tunnel.</summary>
    public TunnelSession Client { get; private set; } = null!;

    /// <summary>The server's end of the tunnel.</summary>
    public TunnelSession Server { get; private set; } = null!;

    /// <summary>The client's CONNECT-IP stream.</summary>
    public ConnectIpStream ClientStream => _client!.Tunnel!;

    /// <summary>The server's CONNECT-IP session.</summary>
    public ConnectIpSession ServerSession { get; private set; } = null!;

    /// <summary>What arrived at both ends' TUN devices.</summary>
    public Arrivals Arrived { get; } = new();

    /// <summary>How long the server has computed in <see cref="Connect"/> so far.</summary>
    public TimeSpan ServerTime => Stopwatch.GetElapsedTime(0, _serverTicks);

    /// <summary>Where datagrams to the server come from.</summary>
    public static DatagramPath ToServer => new(ServerAddress, ClientAddress);

    /// <summary>Where datagrams to the client come from.</summary>
    public static DatagramPath ToClient => new(ClientAddress, ServerAddress);

    /// <summary>Opens a connection, makes the handshakes and opens a tunnel.</summary>
    /// <param name="ready">Whether it is up; both ends follow each other until then.</param>
    public void Connect(Func<EnginePair, bool> ready)
    {
        Client = new TunnelSession(Arrived);
        Server = new TunnelSession(Arrived);
        QuicConnection transport = ClientEndpoint.Connect(Now, new DatagramPath(default, ServerAddress), ClientOptions());
        _clientHttp = new Http3Connection(transport, isServer: false, new Http3Settings { H3Datagram = true }, _random);
        _authentication = new ClientAuthentication(_clientKey, _serverKey.PublicKey.ToArray(), Parameters(), _random);
        UriTemplate.TryParse("https://" + ServerName + UriTemplate.DefaultPath, out UriTemplate? template);
        _client = new ConnectIpClient(_clientHttp, new ConnectIpRequest { Template = template! }, _authentication, Client);
        for (int steps = 0; !ready(this); steps++)
        {
            if (steps == 10_000) throw new InvalidOperationException("The tunnel did not come up within 10 s of virtual time.");
            Step();
        }
    }

    /// <summary>Whether both ends' tunnels pass packets, of the full size.</summary>
    public bool IsOpen => Client.IsOpen && Server.IsOpen && Client.Addresses.Length == 2 && Client.Mtu == TunnelSession.LargestMtu && Server.Mtu == TunnelSession.LargestMtu;

    /// <summary>Makes connections that never send: what a table of many holds.</summary>
    public QuicConnection[] IdleConnections(int count)
    {
        QuicEndpoint elsewhere = new(new EndpointOptions { Random = _random, MaxConnections = count });
        QuicConnection[] connections = new QuicConnection[count];
        for (int i = 0; i < count; i++) connections[i] = elsewhere.Connect(Now, new DatagramPath(default, ServerAddress), ClientOptions());
        return connections;
    }

    /// <summary>Ends the tunnel and its connection, without a word.</summary>
    public void Disconnect()
    {
        Client.Dispose();
        Server.Dispose();
        _authentication?.Dispose();
        foreach (QuicConnection connection in ClientEndpoint.Connections.ToArray()) connection.Dispose();
        foreach (QuicConnection connection in ServerEndpoint.Connections.ToArray()) connection.Dispose();
        while (ClientEndpoint.TryTakeEventful(out _) || ServerEndpoint.TryTakeEventful(out _)) continue;
    }

    /// <summary>Lets everything that is due happen, and one millisecond pass.</summary>
    public void Step()
    {
        Now += TimeSpan.FromMilliseconds(1);
        ClientEndpoint.OnTimeout(Now);
        Timed(server => server.ServerEndpoint.OnTimeout(server.Now));
        for (bool moved = true; moved;)
        {
            moved = false;
            for (int length; (length = ClientEndpoint.Transmit(Now, _datagram, out _, out EcnCodepoint ecn)) > 0; moved = true)
            {
                long start = Stopwatch.GetTimestamp();
                ServerEndpoint.Receive(Now, ToServer, ecn, _datagram.AsSpan(0, length));
                _serverTicks += Stopwatch.GetTimestamp() - start;
            }

            Timed(static server => server.FollowServer());
            while (true)
            {
                long start = Stopwatch.GetTimestamp();
                int length = ServerEndpoint.Transmit(Now, _datagram, out _, out EcnCodepoint ecn);
                _serverTicks += Stopwatch.GetTimestamp() - start;
                if (length == 0) break;
                ClientEndpoint.Receive(Now, ToClient, ecn, _datagram.AsSpan(0, length));
                moved = true;
            }

            FollowClient();
        }
    }

    TunnelGrant? ITunnelAuthenticator.Authenticate(ReadOnlySpan<byte> message, IChannelBinding binding)
    {
        if (!ServerAuthentication.TryRead(message, binding, _serverKey, _random, out ServerAuthentication? authentication)) return null;
        using (authentication)
        {
            var key = new PeerKey(authentication.ClientPublicKey);
            byte[] response = authentication.Accept(Parameters(), out SessionKeys keys);
            using (keys) Server.SetKeys(keys);
            return new TunnelGrant
            {
                Client = key, Response = response, Handler = Server, Addresses = _pool.For(key), TakesPlainPackets = _features == SessionFeatures.None,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Disconnect();
        ClientEndpoint.Dispose();
        ServerEndpoint.Dispose();
        _clientKey.Dispose();
        _serverKey.Dispose();
    }

    private void Timed(Action<EnginePair> act)
    {
        long start = Stopwatch.GetTimestamp();
        act(this);
        _serverTicks += Stopwatch.GetTimestamp() - start;
    }

    private void FollowClient()
    {
        while (ClientEndpoint.TryTakeEventful(out _))
        {
            _clientHttp!.Process();
            while (_clientHttp.TryTakeEvent(out Http3Event ev)) _client!.OnEvent(ev);
            if (_client!.State != ConnectIpClientState.Open || !_authentication!.TryTakeKeys(out SessionKeys? keys)) continue;
            using (keys) Client.SetKeys(keys);
            Client.Open(_client.Tunnel!);
        }
    }

    private void FollowServer()
    {
        if (ServerEndpoint.TryAccept(out QuicConnection? accepted))
        {
            _serverHttp = new Http3Connection(accepted, isServer: true, new Http3Settings { EnableConnectProtocol = true, H3Datagram = true }, _random);
            _acceptor = new ConnectIpServer(this);
        }

        while (ServerEndpoint.TryTakeEventful(out _))
        {
            _serverHttp!.Process();
            while (_serverHttp.TryTakeEvent(out Http3Event ev))
            {
                if (ev.Kind == Http3EventKind.RequestReceived && _acceptor!.TryAccept(ev.Stream!, out ConnectIpStream? tunnel))
                {
                    ServerSession = tunnel.Session;
                    Server.Open(tunnel);
                }
                else if (ev.Stream?.State is ConnectIpStream open)
                {
                    open.OnEvent(ev);
                }
            }
        }
    }

    private SessionParameters Parameters() => new(1, _features, 0, 1_800_000_000);

    private ClientConnectionOptions ClientOptions() => new()
    {
        Tls = new ClientHandshakeOptions
        {
            ServerName = ServerName, ApplicationProtocols = ["h3"], Trust = _trust, VerificationTime = ValidTime, Random = _random,
        },
    };

    private ServerConnectionOptions ServerOptions(X509Certificate2 certificate) => new()
    {
        Tls = new ServerHandshakeOptions { Certificates = [new ServerCertificate(certificate)], ApplicationProtocols = ["h3"], Random = _random },
    };

    private static X509Certificate2 Certificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + ServerName, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(ServerName);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(ValidTime.AddDays(-1), ValidTime.AddDays(90));
    }

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException(text);

    /// <summary>Counts packets as they are delivered where they lie.</summary>
    internal sealed class Arrivals : ITunnelHandler
    {
        /// <summary>How many there were.</summary>
        public long Count { get; private set; }

        /// <inheritdoc/>
        public void OnPacket(TunnelSession session, Span<byte> packet) => Count++;

        /// <inheritdoc/>
        public void OnConfigured(TunnelSession session)
        {
        }
    }
}
