using Vpr.Io;

namespace Vpr.Quic;

/// <content>What connections tell their endpoint.</content>
public sealed partial class QuicEndpoint : IConnectionIdIssuer
{
    ConnectionId IConnectionIdIssuer.Issue(QuicConnection connection, out StatelessResetToken token)
    {
        ConnectionId id;
        do id = _options.ConnectionIds.Draw(Random, ConnectionIdLength);
        while (!_routes.TryAdd(id, connection));
        token = _resetKey.TokenOf(id);
        return id;
    }

    void IConnectionIdIssuer.Withdraw(ConnectionId id)
    {
        _routes.Remove(id);
        _lastRouted = null;
    }

    /// <summary>The connection may have something to send, or another deadline.</summary>
    internal void OnTouched(QuicConnection connection)
    {
        if (connection.IsReady) return;
        connection.IsReady = true;
        _ready.Enqueue(connection);
    }

    /// <summary>The connection has another deadline, and nothing to send before it.</summary>
    internal void OnDeadlineChanged(QuicConnection connection) => _timers.Set(connection, connection.NextDeadline);

    /// <summary>The connection may have events.</summary>
    internal void OnEvent(QuicConnection connection)
    {
        if (connection.IsEventful) return;
        connection.IsEventful = true;
        _eventful.Enqueue(connection);
    }

    /// <summary>The connection's handshake is complete, or will never be.</summary>
    internal void OnHandshakeFinished(QuicConnection connection) => _handshaking.Remove(connection);

    /// <summary>The connection's peer is reached elsewhere.</summary>
    internal void OnPathChanged(QuicConnection connection, in DatagramPath former)
    {
        ForgetRemote(connection, former.Remote);
        _byRemote[connection.Path.Remote] = connection;
    }

    /// <summary>The connection is over and may be forgotten.</summary>
    internal void OnTerminated(QuicConnection connection)
    {
        _lastRouted = null;
        _connections.Remove(connection);
        _handshaking.Remove(connection);
        _timers.Remove(connection);
        ForgetRemote(connection, connection.Path.Remote);
        ForgetSource(connection);
        if (!connection.IsClient && _routes.TryGetValue(connection.OriginalDestination, out QuicConnection? routed) && routed == connection)
            _routes.Remove(connection.OriginalDestination);
    }

    /// <summary>Makes a token by which the client may skip address validation next time.</summary>
    internal byte[] MakeAddressToken(Instant now, in UdpEndpoint remote)
    {
        Span<byte> token = stackalloc byte[AddressTokens.MaxLength];
        return token[.._tokens.MakeNew(now, remote, token)].ToArray();
    }

    private void ForgetSource(QuicConnection connection)
    {
        if (connection.Source is not { } source || !_perSource.TryGetValue(source, out int count)) return;
        if (count > 1) _perSource[source] = count - 1;
        else _perSource.Remove(source);
    }

    private void ForgetRemote(QuicConnection connection, in UdpEndpoint remote)
    {
        if (_byRemote.TryGetValue(remote, out QuicConnection? known) && known == connection) _byRemote.Remove(remote);
    }
}
