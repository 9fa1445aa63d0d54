using Vpr.Io;
using Vpr.Quic;
using Vpr.Testing;

namespace Vpr.Http3.Tests;

/// <summary>An endpoint whose connections all speak HTTP/3, on a simulated network.</summary>
internal sealed class Http3Host(QuicEndpoint endpoint, Http3Settings settings, IRandomSource random) : ISimulatedHost
{
    private readonly Dictionary<QuicConnection, Http3Connection> _connections = [];

    /// <summary>The endpoint; another one stands for a process that was started again.</summary>
    public QuicEndpoint Endpoint { get; private set; } = endpoint;

    /// <summary>Told of every event, in order.</summary>
    public Action<Http3Connection, Http3Event>? Happened { get; set; }

    /// <summary>What all connections told, in order.</summary>
    public List<Http3Event> Events { get; } = [];

    public Instant? NextTimeout => Endpoint.NextTimeout;

    public Http3Connection Add(QuicConnection transport, bool isServer)
    {
        Http3Connection connection = new(transport, isServer, settings, random);
        _connections.Add(transport, connection);
        return connection;
    }

    /// <summary>Ends the process without a word, and starts another in its place.</summary>
    public void Restart(QuicEndpoint endpoint)
    {
        foreach (Http3Connection connection in _connections.Values) connection.Dispose();
        _connections.Clear();
        Endpoint.Dispose();
        Endpoint = endpoint;
    }

    public void Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram)
    {
        Endpoint.Receive(now, path, ecn, datagram);
        Deliver();
    }

    public int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn) =>
        Endpoint.Transmit(now, destination, out path, out ecn);

    public void OnTimeout(Instant now)
    {
        Endpoint.OnTimeout(now);
        Deliver();
    }

    /// <summary>Hands out what waits.</summary>
    public void Deliver()
    {
        while (Endpoint.TryAccept(out QuicConnection? accepted)) Add(accepted, isServer: true);
        while (Endpoint.TryTakeEventful(out QuicConnection? transport))
        {
            if (!_connections.TryGetValue(transport, out Http3Connection? connection)) continue;
            connection.Process();
            while (connection.TryTakeEvent(out Http3Event ev))
            {
                Events.Add(ev);
                Happened?.Invoke(connection, ev);
            }
        }
    }
}
