using System.Diagnostics.CodeAnalysis;
using Vpr.Io;
using Vpr.Quic.Streams;

namespace Vpr.Quic;

/// <summary>The connections of one UDP socket: routes datagrams to them, accepts new ones, answers strangers.</summary>
/// <remarks>
/// RFC 9000 §5.2, §8.1. Not thread-safe: it belongs to the loop that owns the socket. The loop gives it every datagram (<see cref="Receive"/>),
/// takes datagrams until there are none (<see cref="Transmit"/>), takes events of connections that have any (<see cref="TryTakeEventful"/>), and
/// sleeps until <see cref="NextTimeout"/>.
/// </remarks>
public sealed partial class QuicEndpoint : IDisposable
{
    /// <summary>Bytes of every connection ID that is issued here, by which short headers are parsed.</summary>
    internal const int ConnectionIdLength = 8;

    // Stream pieces of 4 KiB kept for reuse: 16 MiB.
    private const int RetainedChunks = 4096;

    // Datagrams that one connection sends before the next has its turn: long enough to be one run for segmentation offload.
    private const int Burst = 32;

    private readonly EndpointOptions _options;
    private readonly Dictionary<ConnectionId, QuicConnection> _routes = new();
    // Datagrams come in runs of one connection, so the last one's is looked at first.
    private ConnectionId _lastRoutedId;
    private QuicConnection? _lastRouted;
    private readonly Dictionary<UdpEndpoint, QuicConnection> _byRemote = new();
    private readonly HashSet<QuicConnection> _connections = new();
    private readonly Dictionary<UInt128, int> _perSource = new();
    private readonly HashSet<QuicConnection> _handshaking = new();
    private readonly Queue<QuicConnection> _accepted = new();
    private readonly Queue<QuicConnection> _ready = new();
    private readonly Queue<QuicConnection> _eventful = new();
    private readonly TimerHeap _timers = new();
    private readonly StatelessReplies _replies;
    private readonly StatelessResetKey _resetKey;
    private readonly AddressTokens _tokens;
    private int _burst;

    /// <summary>Starts without a connection.</summary>
    /// <param name="options">What it is.</param>
    public QuicEndpoint(EndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnectionsPerSource, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxHandshakes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.RetryThreshold);
        _options = options;
        _replies = new StatelessReplies(options.Random);
        _resetKey = new StatelessResetKey(options.StatelessResetKey.Span, options.Random);
        _tokens = new AddressTokens(options.AddressTokenKey.Span, options.Random);
    }

    /// <summary>The connections that are not yet forgotten, in no order; not to be kept over a call of any member.</summary>
    public IReadOnlyCollection<QuicConnection> Connections => _connections;

    /// <summary>When <see cref="OnTimeout"/> is to be called; null when nothing waits.</summary>
    /// <remarks>Valid after <see cref="Transmit"/> has returned 0.</remarks>
    public Instant? NextTimeout => _timers.Next == Instant.Never ? null : _timers.Next;

    /// <summary>The source of randomness.</summary>
    internal IRandomSource Random => _options.Random;

    /// <summary>Memory for stream data, shared by all connections.</summary>
    internal ChunkPool Chunks { get; } = new(RetainedChunks);

    /// <summary>Makes and checks the tags of Retry packets.</summary>
    internal RetryIntegrity RetryIntegrity { get; } = new();

    /// <summary>Opens a connection; its first datagram waits to be taken by <see cref="Transmit"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="path">Where the server is.</param>
    /// <param name="options">Server name, trust, limits.</param>
    /// <exception cref="InvalidOperationException">There are as many connections as the options allow.</exception>
    public QuicConnection Connect(Instant now, in DatagramPath path, ClientConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_connections.Count >= _options.MaxConnections) throw new InvalidOperationException("The endpoint has as many connections as it may.");
        QuicConnection connection = new(this, now, path, options);
        Add(connection);
        return connection;
    }

    /// <summary>Takes a datagram from the socket.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="path">Where from and where to.</param>
    /// <param name="ecn">The ECN bits of its IP header.</param>
    /// <param name="datagram">Its UDP payload, decrypted in place: worthless afterwards.</param>
    /// <returns>The connection it was for; null when it was for none.</returns>
    public QuicConnection? Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram)
    {
        if (datagram.IsEmpty) return null;
        bool isLong = (datagram[0] & 0x80) != 0;
        bool isNew = false;
        QuicConnection? connection = isLong ? RouteLong(now, path, datagram, out isNew) : RouteShort(path, datagram);
        if (connection is null) return null;
        connection.Receive(now, path, ecn, datagram);
        if (!isNew) return connection;
        if (!connection.HasReceived)
        {
            // Nothing in its first datagram was authentic: it was no Initial after all.
            connection.Dispose();
            return null;
        }

        _accepted.Enqueue(connection);
        return connection;
    }

    /// <summary>Takes datagrams that the socket received together (UDP_GRO), as <see cref="Receive"/> takes each.</summary>
    /// <param name="now">When they came.</param>
    /// <param name="path">Where from and where to.</param>
    /// <param name="ecn">The ECN bits of their IP headers.</param>
    /// <param name="run">Their UDP payloads, one behind the other, decrypted in place: worthless afterwards.</param>
    /// <param name="size">Bytes of each but the last, which may be shorter; not 0.</param>
    public void ReceiveRun(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> run, int size)
    {
        while (!run.IsEmpty)
        {
            Span<byte> first = run[..Math.Min(size, run.Length)];
            run = run[first.Length..];
            if (Receive(now, path, ecn, first) is not { } connection) continue;
            int length = LengthOfSameRoute(first, run, size);
            connection.ReceiveRun(now, path, ecn, run[..length], size);
            run = run[length..];
        }
    }

    /// <summary>Bytes of the 1-RTT packets at the front of a run that have the connection ID of the packet before them.</summary>
    private static int LengthOfSameRoute(ReadOnlySpan<byte> before, ReadOnlySpan<byte> run, int size)
    {
        int length = 0;
        if ((before[0] & 0x80) != 0) return length;
        ReadOnlySpan<byte> id = before.Slice(1, ConnectionIdLength);
        while (length < run.Length)
        {
            ReadOnlySpan<byte> datagram = run.Slice(length, Math.Min(size, run.Length - length));
            if (datagram.Length < QuicConnection.MinShort || (datagram[0] & 0x80) != 0 || !datagram.Slice(1, ConnectionIdLength).SequenceEqual(id)) break;
            length += datagram.Length;
        }

        return length;
    }

    /// <summary>Takes an answer to a stranger that waits to be sent.</summary>
    /// <param name="destination">Where it goes, at least 1200 bytes.</param>
    /// <param name="length">Its length.</param>
    /// <param name="path">Where to send it.</param>
    public bool TryTakeStateless(Span<byte> destination, out int length, out DatagramPath path) => _replies.TryTake(destination, out length, out path);

    /// <summary>Takes the next datagram to be sent: answers to strangers first, then those of connections in turn.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">Where it goes; see <see cref="QuicConnection.Transmit"/>.</param>
    /// <param name="path">Where to send it.</param>
    /// <param name="ecn">The mark for its IP header.</param>
    /// <returns>Its length; 0 when there is none before <see cref="NextTimeout"/> or the next <see cref="Receive"/>.</returns>
    public int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn)
    {
        ecn = EcnCodepoint.NotEct;
        if (TryTakeStateless(destination, out int length, out path)) return length;
        while (_ready.TryPeek(out QuicConnection? connection))
        {
            length = connection.Transmit(now, destination, out path, out ecn);
            if (length > 0)
            {
                if (++_burst < Burst) return length;
                _burst = 0;
                _ready.Enqueue(_ready.Dequeue());
                return length;
            }

            _burst = 0;
            _ready.Dequeue();
            connection.IsReady = false;
            _timers.Set(connection, connection.NextDeadline);
        }

        return 0;
    }

    /// <summary>Takes a connection that a client opened; it is told once, before its handshake is complete.</summary>
    public bool TryAccept([NotNullWhen(true)] out QuicConnection? connection) => _accepted.TryDequeue(out connection);

    /// <summary>Takes a connection that may have events; all of them are to be taken then.</summary>
    public bool TryTakeEventful([NotNullWhen(true)] out QuicConnection? connection)
    {
        if (!_eventful.TryDequeue(out connection)) return false;
        connection.IsEventful = false;
        return true;
    }

    /// <summary>Does what is due on all connections; <see cref="Transmit"/> follows.</summary>
    /// <param name="now">The time; calling early does no harm.</param>
    public void OnTimeout(Instant now)
    {
        while (_timers.Next <= now)
        {
            QuicConnection connection = _timers.First;
            // Out of the heap until Transmit has found its next deadline, so that each is served once.
            _timers.Remove(connection);
            connection.OnTimeout(now);
        }
    }

    /// <summary>Ends all connections without a word and erases all keys.</summary>
    public void Dispose()
    {
        foreach (QuicConnection connection in _connections.ToArray()) connection.Dispose();
        _tokens.Dispose();
        _resetKey.Dispose();
        RetryIntegrity.Dispose();
    }

    private void Add(QuicConnection connection)
    {
        _connections.Add(connection);
        _byRemote[connection.Path.Remote] = connection;
        OnTouched(connection);
    }
}
