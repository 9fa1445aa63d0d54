using Vpr.Io;
using Vpr.Quic;
using Vpr.Tls;

namespace Vpr.Testing;

/// <summary>A client endpoint and a server endpoint with a cable between them, and one connection from the first to the second.</summary>
public sealed class EndpointPair : IDisposable
{
    /// <summary>The client's address.</summary>
    public static readonly UdpEndpoint ClientAddress = UdpEndpoint.FromIpv4(0x0a000001, 50_000);

    /// <summary>The server's address.</summary>
    public static readonly UdpEndpoint ServerAddress = UdpEndpoint.FromIpv4(0xc0000201, 443);

    private readonly PairOptions _options;

    /// <summary>Lays the cable; <see cref="Connect"/> opens the connection.</summary>
    /// <param name="seed">What all chance follows from.</param>
    /// <param name="options">How the ends are set up.</param>
    /// <param name="links">What lies between client (left) and server (right).</param>
    public EndpointPair(ulong seed, PairOptions options, params Link[] links)
    {
        _options = options;
        Network = new SimulatedNetwork(seed);
        Client = new EndpointHost(new QuicEndpoint(new EndpointOptions { Random = Network.Random.Fork() }));
        Server = new EndpointHost(MakeServer());
        Client.Happened = (_, ev) => ClientEvents.Add(ev);
        Server.Happened = (_, ev) => ServerEvents.Add(ev);
        Server.Accepted = connection => ServerConnection = connection;
        Network.Attach(Client, ClientAddress);
        Network.Attach(Server, ServerAddress);
        Network.Connect(Client, Server, links);
    }

    /// <summary>The network.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>The client's end.</summary>
    public EndpointHost Client { get; }

    /// <summary>The server's end.</summary>
    public EndpointHost Server { get; }

    /// <summary>The client's connection, after <see cref="Connect"/>.</summary>
    public QuicConnection ClientConnection { get; private set; } = null!;

    /// <summary>The server's connection, once it is accepted; the latest of several.</summary>
    public QuicConnection? ServerConnection { get; private set; }

    /// <summary>What the client was told.</summary>
    public List<ConnectionEvent> ClientEvents { get; } = [];

    /// <summary>What the server was told.</summary>
    public List<ConnectionEvent> ServerEvents { get; } = [];

    /// <summary>Opens the connection without waiting for it.</summary>
    public QuicConnection Connect(ReadOnlyMemory<byte> addressToken = default)
    {
        ClientConnection = Client.Endpoint.Connect(Network.Now, new DatagramPath(default, ServerAddress), new ClientConnectionOptions
        {
            Tls = new ClientHandshakeOptions
            {
                ServerName = TestServerIdentity.ServerName,
                ApplicationProtocols = _options.ClientProtocols,
                Trust = TestServerIdentity.Trust,
                VerificationTime = TestServerIdentity.ValidTime,
                Random = Network.Random.Fork(),
                Shape = _options.Shape,
            },
            Transport = _options.Client,
            AddressToken = addressToken,
        });
        return ClientConnection;
    }

    /// <summary>Opens the connection and runs until both ends have confirmed the handshake.</summary>
    /// <param name="limit">Virtual time after which that has failed; 10 s by default.</param>
    public void ConnectAndConfirm(TimeSpan? limit = null)
    {
        Connect();
        Network.RunUntil(
            () => Has(ClientEvents, ConnectionEventKind.HandshakeConfirmed) && Has(ServerEvents, ConnectionEventKind.HandshakeConfirmed),
            limit ?? TimeSpan.FromSeconds(10));
    }

    /// <summary>An endpoint like the server's, without its connections, as after a restart.</summary>
    public QuicEndpoint MakeServer() => new(_options.ServerEndpoint with
    {
        Random = Network.Random.Fork(),
        Server = new ServerConnectionOptions
        {
            Tls = new ServerHandshakeOptions
            {
                Certificates = [TestServerIdentity.Certificate],
                ApplicationProtocols = ["test"],
                Random = Network.Random.Fork(),
            },
            Transport = _options.Server,
        },
    });

    /// <summary>Whether an event of this kind is among those.</summary>
    public static bool Has(List<ConnectionEvent> events, ConnectionEventKind kind) => events.Exists(ev => ev.Kind == kind);

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Endpoint.Dispose();
        Server.Endpoint.Dispose();
    }
}
