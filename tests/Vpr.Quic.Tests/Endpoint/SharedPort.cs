using Vpr.Io;
using Vpr.Testing;
using Vpr.Tls;

namespace Vpr.Quic.Tests.Endpoint;

/// <summary>A server's address behind which several endpoints share the work, each datagram given to one of them as a kernel's program would; and a client behind a NAT.</summary>
internal sealed class SharedPort : ISimulatedHost, IDisposable
{
    internal static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    private readonly EndpointHost[] _hosts;
    private readonly EndpointHost _client;

    internal SharedPort(ulong seed, int count, int retryThreshold)
    {
        Network = new SimulatedNetwork(seed);
        byte[] resetKey = new byte[32], tokenKey = new byte[32];
        Network.Random.FillSecret(tokenKey);
        _hosts = [.. Enumerable.Range(0, count).Select(index => new EndpointHost(new QuicEndpoint(new EndpointOptions
        {
            Random = Network.Random.Fork(),
            RetryThreshold = retryThreshold,
            StatelessResetKey = resetKey,
            AddressTokenKey = tokenKey,
            ConnectionIds = new ConnectionIdShare(index, count),
            Server = new ServerConnectionOptions
            {
                Tls = new ServerHandshakeOptions { Certificates = [TestServerIdentity.Certificate], ApplicationProtocols = ["test"], Random = Network.Random.Fork() },
            },
        })))];
        foreach (EndpointHost host in _hosts) host.Accepted = connection => connection.DatagramHandler = new Counter(this);
        _client = new EndpointHost(new QuicEndpoint(new EndpointOptions { Random = Network.Random.Fork() }));
        Network.Attach(_client, EndpointPair.ClientAddress);
        Network.Attach(this, EndpointPair.ServerAddress);
        Network.Connect(_client, this, Nat, new DelayLink(Delay));
    }

    internal SimulatedNetwork Network { get; }

    internal RebindingNat Nat { get; } = new(UdpEndpoint.FromIpv4(0xcb007101, 40_000));

    internal IEnumerable<QuicEndpoint> Endpoints => _hosts.Select(host => host.Endpoint);

    /// <summary>Whether each datagram goes to the endpoint after the right one.</summary>
    internal bool LeadsAstray { get; init; }

    /// <summary>Datagrams that belonged to no connection of the endpoint they came to.</summary>
    internal int Unclaimed { get; private set; }

    /// <summary>DATAGRAM frames that reached a server's connection.</summary>
    internal int Received { get; private set; }

    public Instant? NextTimeout => _hosts.Min(host => host.NextTimeout ?? Instant.Never) is var next && next == Instant.Never ? null : next;

    /// <summary>The one endpoint that has a connection.</summary>
    internal int Owner() => Assert.Single(Enumerable.Range(0, _hosts.Length), index => _hosts[index].Endpoint.Connections.Count > 0);

    internal QuicConnection Connect(ReadOnlyMemory<byte> addressToken = default) =>
        _client.Endpoint.Connect(Network.Now, new DatagramPath(default, EndpointPair.ServerAddress), new ClientConnectionOptions
        {
            Tls = new ClientHandshakeOptions
            {
                ServerName = TestServerIdentity.ServerName,
                ApplicationProtocols = ["test"],
                Trust = TestServerIdentity.Trust,
                VerificationTime = TestServerIdentity.ValidTime,
                Random = Network.Random.Fork(),
                Shape = new PairOptions().Shape,
            },
            AddressToken = addressToken,
        });

    public void Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram)
    {
        bool isLong = datagram[0] >= 0x80;
        int index = (isLong ? datagram[5] == 0 ? 0 : datagram[6] : datagram[1]) + (LeadsAstray ? 1 : 0);
        EndpointHost host = _hosts[index % _hosts.Length];
        if (host.Endpoint.Receive(now, path, ecn, datagram) is null) Unclaimed++;
        host.Deliver();
    }

    public int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn)
    {
        foreach (EndpointHost host in _hosts)
        {
            int length = host.Transmit(now, destination, out path, out ecn);
            if (length > 0) return length;
        }

        (path, ecn) = (default, default);
        return 0;
    }

    public void OnTimeout(Instant now)
    {
        foreach (EndpointHost host in _hosts) host.OnTimeout(now);
    }

    public void Dispose()
    {
        foreach (QuicEndpoint endpoint in (QuicEndpoint[])[.. Endpoints, _client.Endpoint]) endpoint.Dispose();
    }

    private sealed class Counter(SharedPort port) : IDatagramHandler
    {
        public void OnDatagram(QuicConnection connection, Span<byte> payload) => port.Received++;
    }
}
