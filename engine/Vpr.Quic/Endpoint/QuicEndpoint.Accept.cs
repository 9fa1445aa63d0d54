using Vpr.Io;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>Datagrams that belong to no connection yet: RFC 9000 §5.2.2, §6.1, §8.1, §10.3.</content>
public sealed partial class QuicEndpoint
{
    // RFC 9000 §7.2: a client's first Destination Connection ID has at least 8 bytes.
    private const int MinOriginalDestination = 8;

    private QuicConnection? RouteLong(Instant now, in DatagramPath path, Span<byte> datagram, out bool isNew)
    {
        isNew = false;
        if (!InvariantLongHeader.TryParse(datagram, out InvariantLongHeader header, out _)) return null;
        ReadOnlySpan<byte> id = header.DestinationConnectionId;
        if (id.Length <= ConnectionId.MaxLength && _routes.TryGetValue(new ConnectionId(id), out QuicConnection? connection)) return connection;
        // Another endpoint's: UDP_GRO may deliver two connections of one address as one. To accept it here would split a connection.
        if (!_options.ConnectionIds.Holds(id)) return null;
        // §14.1: what opens a connection fills a datagram of 1200 bytes, so that no answer amplifies.
        if (_options.Server is null || datagram.Length < PathMtuDiscovery.BaseSize || header.IsVersionNegotiation) return null;
        if (header.Version != QuicVersion.Version1)
        {
            _replies.AddVersionNegotiation(path, header);
            return null;
        }

        connection = Accept(now, path, datagram);
        isNew = connection is not null;
        return connection;
    }

    private QuicConnection? RouteShort(in DatagramPath path, Span<byte> datagram)
    {
        if (datagram.Length < 1 + ConnectionIdLength) return null;
        ConnectionId id = new(datagram.Slice(1, ConnectionIdLength));
        if (_lastRouted is { } last && id == _lastRoutedId) return last;
        if (_routes.TryGetValue(id, out QuicConnection? connection))
        {
            (_lastRouted, _lastRoutedId) = (connection, id);
            return connection;
        }

        // §10.3.1: a stateless reset names no connection; where it comes from does.
        if (_byRemote.TryGetValue(path.Remote, out connection) && connection.EndsWithResetToken(datagram)) return connection;
        // And a reset would end the connection of another endpoint that has this ID: the key is the same.
        if (_options.ConnectionIds.Holds(datagram.Slice(1, ConnectionIdLength))) _replies.AddReset(path, datagram.Length, _resetKey.TokenOf(id));
        return null;
    }

    private QuicConnection? Accept(Instant now, in DatagramPath path, Span<byte> datagram)
    {
        if (!InitialPacket.TryParse(datagram, out InitialPacket packet, out _)) return null;
        InitialHeader header = packet.Header;
        if (header.DestinationConnectionId.Length < MinOriginalDestination) return null;
        ConnectionId destination = new(header.DestinationConnectionId);
        ConnectionId client = new(header.SourceConnectionId);
        ConnectionId original = destination;
        TokenVerdict verdict = header.Token.IsEmpty
            ? TokenVerdict.Foreign
            : _tokens.Check(now, path.Remote, destination, header.Token, out original);
        switch (verdict)
        {
            case TokenVerdict.ExpiredRetry:
                _replies.AddClose(path, destination, client, TransportErrorCode.InvalidToken);
                return null;
            case TokenVerdict.Foreign when _handshaking.Count >= _options.RetryThreshold:
                AddRetry(now, path, client, destination);
                return null;
            case not TokenVerdict.Retry:
                original = destination;
                break;
        }

        UInt128 source = SourceOf(path.Remote);
        bool isFull = _handshaking.Count >= _options.MaxHandshakes || _connections.Count >= _options.MaxConnections;
        if (isFull || _perSource.GetValueOrDefault(source) >= _options.MaxConnectionsPerSource)
        {
            _replies.AddClose(path, destination, client, TransportErrorCode.ConnectionRefused);
            return null;
        }

        bool isValidated = verdict is TokenVerdict.Retry or TokenVerdict.NewToken;
        QuicConnection connection = new(this, now, path, _options.Server!, destination, client, original, isValidated);
        connection.Source = source;
        _perSource[source] = _perSource.GetValueOrDefault(source) + 1;
        _routes[destination] = connection;
        _handshaking.Add(connection);
        Add(connection);
        return connection;
    }

    // Who has one address of an IPv6 /64 has all of them.
    private static UInt128 SourceOf(in UdpEndpoint remote) => remote.IsIpv4 ? remote.Address : remote.Address >> 64;

    private void AddRetry(Instant now, in DatagramPath path, ConnectionId client, ConnectionId original)
    {
        ConnectionId source = _options.ConnectionIds.Draw(Random, ConnectionIdLength);
        Span<byte> token = stackalloc byte[AddressTokens.MaxLength];
        int length = _tokens.MakeRetry(now, path.Remote, original, source, token);
        _replies.AddRetry(path, client, source, original, token[..length], RetryIntegrity);
    }
}
