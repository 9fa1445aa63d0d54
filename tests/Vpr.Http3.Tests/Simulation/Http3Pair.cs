using Vpr.Io;
using Vpr.Quic;
using Vpr.Testing;
using Vpr.Tls;

namespace Vpr.Http3.Tests;

/// <summary>An HTTP/3 client and server in one process, with a network between them.</summary>
internal sealed class Http3Pair : IDisposable
{
    private static readonly UdpEndpoint ClientAddress = UdpEndpoint.FromIpv4(0x0a000001, 50_000);
    private static readonly UdpEndpoint ServerAddress = UdpEndpoint.FromIpv4(0xc0000201, 443);

    public Http3Pair(ulong seed, params Link[] links)
    {
        Network = new SimulatedNetwork(seed);
        Http3Settings settings = new() { EnableConnectProtocol = true, H3Datagram = true };
        Client = new Http3Host(
            new QuicEndpoint(new EndpointOptions { Random = Network.Random.Fork() }), settings, Network.Random.Fork());
        Server = new Http3Host(MakeServer(), settings, Network.Random.Fork());
        Network.Attach(Client, ClientAddress);
        Network.Attach(Server, ServerAddress);
        Network.Connect(Client, Server, links);
    }

    public SimulatedNetwork Network { get; }

    public Http3Host Client { get; }

    public Http3Host Server { get; }

    public Http3Connection Connect() => Client.Add(
        Client.Endpoint.Connect(Network.Now, new DatagramPath(default, ServerAddress), new ClientConnectionOptions
        {
            Tls = new ClientHandshakeOptions
            {
                ServerName = TestServerIdentity.ServerName,
                ApplicationProtocols = ["h3"],
                Trust = TestServerIdentity.Trust,
                VerificationTime = TestServerIdentity.ValidTime,
                Random = Network.Random.Fork(),
            },
        }), isServer: false);

    /// <summary>An endpoint like the server's, as after a restart.</summary>
    public QuicEndpoint MakeServer() => new(new EndpointOptions
    {
        Random = Network.Random.Fork(),
        Server = new ServerConnectionOptions
        {
            Tls = new ServerHandshakeOptions
            {
                Certificates = [TestServerIdentity.Certificate],
                ApplicationProtocols = ["h3"],
                Random = Network.Random.Fork(),
            },
        },
        StatelessResetKey = new byte[32],
    });

    public void Dispose()
    {
        Client.Endpoint.Dispose();
        Server.Endpoint.Dispose();
    }
}
