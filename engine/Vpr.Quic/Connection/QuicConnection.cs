using Vpr.Io;
using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;
using Vpr.Quic.Streams;
using Vpr.Tls;

namespace Vpr.Quic;

/// <summary>One QUIC connection, client or server: datagrams and time go in, datagrams, deadlines and events come out.</summary>
/// <remarks>
/// RFC 9000, 9001, 9002, 9221. Made by a <see cref="QuicEndpoint"/>. Not thread-safe: a connection belongs to the loop that owns its socket.
/// After each entry that may have changed something the loop calls <see cref="Transmit"/> until it returns 0, and then looks at
/// <see cref="NextTimeout"/>; the endpoint does both for all of its connections.
/// </remarks>
public sealed partial class QuicConnection : IDisposable
{
    // RFC 9000 §7.2: the first Destination Connection ID is unpredictable and at least 8 bytes long.
    private const int OriginalDestinationLength = 8;

    private readonly QuicEndpoint _endpoint;
    private readonly TransportOptions _options;
    private readonly PacketSpace _initial;
    private readonly PacketSpace _handshake;
    private readonly PacketSpace _application;
    private readonly LossRecovery<Cubic> _recovery;
    private readonly LocalConnectionIds _localIds;
    private readonly RemoteConnectionIds _remoteIds;
    private readonly DatagramQueue _datagrams;
    private readonly StreamSet _streams;
    private readonly Queue<ConnectionEvent> _events = new();
    // Made last: the handshake needs the transport parameters, and these the connection IDs.
    private readonly TlsHandshake _tls = null!;
    private ConnectionEvent? _closedEvent;
    private ConnectionState _state;
    private PathState _path;
    private Instant _now;
    private PacketBits _bits;

    private ulong _bytesSent;
    private ulong _bytesReceived;
    private ulong _packetsSent;
    private ulong _packetsReceived;
    private ulong _packetsDropped;
    private ulong _datagramsSent;
    private ulong _datagramsReceived;
    private ulong _pathChanges;

    private QuicConnection(
        QuicEndpoint endpoint, Instant now, in DatagramPath path, bool isClient, bool isPathValidated, TransportOptions options)
    {
        ThrowIfInvalid(options);
        _endpoint = endpoint;
        _options = options;
        _now = now;
        IsClient = isClient;
        ChunkPool pool = endpoint.Chunks;
        _initial = new PacketSpace(PacketNumberSpace.Initial, new AckGenerator(TimeSpan.Zero, 1), pool);
        _handshake = new PacketSpace(PacketNumberSpace.Handshake, new AckGenerator(TimeSpan.Zero, 1), pool);
        _application = new PacketSpace(PacketNumberSpace.Application, new AckGenerator(options.MaxAckDelay, options.AckElicitingThreshold), pool);
        _path = new PathState(path, isPathValidated, options, int.MaxValue);
        _recovery = new LossRecovery<Cubic>(now, isClient, _path.Mtu.Current, options.UseEcn, this);
        _localIds = new LocalConnectionIds(endpoint, this);
        _remoteIds = new RemoteConnectionIds(options.ActiveConnectionIdLimit);
        _datagrams = new DatagramQueue(options.MaxDatagramSendBuffer);
        _ownMinAckDelay = OffersAckFrequency(options.AckFrequency, isClient) ? Math.Min(MinAckDelay, (ulong)options.MaxAckDelay.TotalMilliseconds * 1000) : null;
        _streams = new StreamSet(isClient, StreamLimits.From(options), options.MaxStreamSendBuffer, pool);
        _bits = new PacketBits(endpoint.Random);
        _spinBit = _bits.Take(1) != 0;
        _lastReceived = now;
        _handshakeDeadline = now + options.HandshakeTimeout;
    }

    /// <summary>A client that is about to send its first Initial.</summary>
    internal QuicConnection(QuicEndpoint endpoint, Instant now, in DatagramPath path, ClientConnectionOptions options)
        : this(endpoint, now, path, isClient: true, isPathValidated: true, options.Transport)
    {
        _localIds.IssueInitial(out _);
        _originalDestination = ConnectionId.Random(endpoint.Random, OriginalDestinationLength);
        _remoteIds.SetInitial(_originalDestination);
        _initialToken = options.AddressToken.ToArray();
        InstallInitialKeys(_originalDestination);

        TransportParameters own = TransportParameters.From(options.Transport) with
        {
            InitialSourceConnectionId = _localIds.Initial,
            MinAckDelay = _ownMinAckDelay,
        };
        Span<byte> parameters = stackalloc byte[TransportParameters.MaxEncodedLength];
        _tls = new ClientHandshake(options.Tls, parameters[..own.Write(parameters)]);
        DriveTls();
    }

    /// <summary>A server that is about to receive a client's first Initial.</summary>
    /// <param name="endpoint">Whom it belongs to.</param>
    /// <param name="now">The time.</param>
    /// <param name="path">Where the Initial came from.</param>
    /// <param name="options">What all connections of the server share.</param>
    /// <param name="initialDestination">The Initial's Destination Connection ID, which gives the Initial keys.</param>
    /// <param name="clientId">Its Source Connection ID.</param>
    /// <param name="original">The Destination Connection ID of the very first Initial; another than <paramref name="initialDestination"/> after Retry.</param>
    /// <param name="isAddressValidated">Whether a token proved the client's address.</param>
    internal QuicConnection(
        QuicEndpoint endpoint, Instant now, in DatagramPath path, ServerConnectionOptions options,
        ConnectionId initialDestination, ConnectionId clientId, ConnectionId original, bool isAddressValidated)
        : this(endpoint, now, path, isClient: false, isAddressValidated, options.Transport)
    {
        _localIds.IssueInitial(out StatelessResetToken token);
        _originalDestination = initialDestination;
        _remoteIds.SetInitial(clientId);
        InstallInitialKeys(initialDestination);

        TransportParameters own = TransportParameters.From(options.Transport) with
        {
            InitialSourceConnectionId = _localIds.Initial,
            OriginalDestinationConnectionId = original,
            RetrySourceConnectionId = original == initialDestination ? null : initialDestination,
            StatelessResetToken = token,
            MinAckDelay = _ownMinAckDelay,
        };
        Span<byte> parameters = stackalloc byte[TransportParameters.MaxEncodedLength];
        _tls = new ServerHandshake(options.Tls, parameters[..own.Write(parameters)]);
    }

    /// <summary>Whether this end opened the connection.</summary>
    public bool IsClient { get; }

    /// <summary>Whether TLS is complete: the peer is authenticated and takes streams and datagrams.</summary>
    public bool IsHandshakeComplete { get; private set; }

    /// <summary>Whether the connection is over, by whomever; the last frame of it may still have to be sent.</summary>
    public bool IsClosed => _state >= ConnectionState.Closing;

    /// <summary>The path that packets are sent on.</summary>
    public DatagramPath Path => _path.Address;

    /// <summary>Whatever the application wants to find again when it meets the connection; the transport does not look at it.</summary>
    public object? Tag { get; set; }

    /// <summary>The application protocol chosen by ALPN, or null before it is chosen.</summary>
    public string? NegotiatedProtocol => IsHandshakeComplete ? _tls.NegotiatedProtocol : null;

    /// <summary>The server name that the client asked for; null when none was.</summary>
    public string? ServerName => _tls.ServerName;

    /// <summary>Why the server's certificate was refused, on a client whose handshake failed for that.</summary>
    public CertificateFailure CertificateFailure => _tls.CertificateFailure;

    /// <summary>The latest token that the server gave for later connections (RFC 9000 §8.1.3), or empty; see <see cref="ClientConnectionOptions.AddressToken"/>.</summary>
    public ReadOnlyMemory<byte> AddressToken { get; private set; }

    /// <summary>What was measured so far.</summary>
    public TransportStatistics Statistics => new()
    {
        SmoothedRtt = _recovery.Rtt.Smoothed,
        RttVariation = _recovery.Rtt.Variation,
        MinRtt = _recovery.Rtt.Min,
        LatestRtt = _recovery.Rtt.Latest,
        HasRttSample = _recovery.Rtt.HasSample,
        CongestionWindow = _recovery.CongestionWindow,
        BytesInFlight = _recovery.BytesInFlight,
        MaxUdpPayload = _path.Mtu.Current,
        BytesSent = _bytesSent,
        BytesReceived = _bytesReceived,
        PacketsSent = _packetsSent,
        PacketsReceived = _packetsReceived,
        PacketsLost = _recovery.PacketsLost,
        PacketsDropped = _packetsDropped,
        DatagramsSent = _datagramsSent,
        DatagramsReceived = _datagramsReceived,
        KeyUpdates = _application.KeyPhase?.Updates ?? 0,
        PathChanges = _pathChanges,
    };

    /// <summary>The space of Initial packets.</summary>
    internal PacketSpace InitialSpace => _initial;

    /// <summary>The peer's connection IDs.</summary>
    internal RemoteConnectionIds RemoteIds => _remoteIds;

    /// <summary>The space of 1-RTT packets.</summary>
    internal PacketSpace ApplicationSpace => _application;

    /// <summary>Where the endpoint keeps this connection among those that wait for a deadline; -1 when it waits for none.</summary>
    internal int TimerIndex { get; set; } = -1;

    /// <summary>The deadline that the endpoint sorted it by.</summary>
    internal Instant TimerDeadline { get; set; }

    /// <summary>Whom the endpoint counts an accepted connection against; null on a client.</summary>
    internal UInt128? Source { get; set; }

    /// <summary>Whether the endpoint's list of connections with something to send holds it.</summary>
    internal bool IsReady { get; set; }

    /// <summary>Whether the endpoint's list of connections with events holds it.</summary>
    internal bool IsEventful { get; set; }

    /// <summary>Whether nothing is left to do: the endpoint forgets it.</summary>
    internal bool IsTerminated => _state == ConnectionState.Closed;

    /// <summary>Whether any packet of the peer was authentic.</summary>
    internal bool HasReceived => _packetsReceived > 0;

    /// <summary>Takes the next event, oldest first.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTakeEvent(out ConnectionEvent ev)
    {
        if (_events.TryDequeue(out ev) || _streams.TryTakeEvent(out ev)) return true;
        ev = _closedEvent.GetValueOrDefault();
        bool hasClosed = _closedEvent.HasValue;
        _closedEvent = null;
        return hasClosed;
    }

    /// <summary>Derives keying material that only the two ends of this handshake share.</summary>
    /// <param name="label">The label, ASCII, 1 to 249 bytes.</param>
    /// <param name="context">The context; empty is the same as none.</param>
    /// <param name="output">Receives the material, 1 to 8160 bytes.</param>
    /// <remarks>RFC 8446 §7.5</remarks>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or the connection is over.</exception>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        if (!IsHandshakeComplete || IsClosed) throw new InvalidOperationException("Keying material is exported from a complete handshake.");
        _tls.ExportKeyingMaterial(label, context, output);
    }

    /// <summary>Ends the connection without a word to the peer and erases all keys.</summary>
    public void Dispose() => Terminate();

    private PacketSpace Space(PacketNumberSpace number) => number switch
    {
        PacketNumberSpace.Initial => _initial,
        PacketNumberSpace.Handshake => _handshake,
        _ => _application,
    };

    private void Raise(in ConnectionEvent ev)
    {
        _events.Enqueue(ev);
        _endpoint.OnEvent(this);
    }

    private static void ThrowIfInvalid(TransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxIdleTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HandshakeTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepAliveInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.InitialMaxData, Wire.VarInt.Max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.InitialMaxStreamData, Wire.VarInt.Max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxBidirectionalStreams, 1UL << 60);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxUnidirectionalStreams, 1UL << 60);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxStreamSendBuffer, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxDatagramFrameSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDatagramSendBuffer, PathMtuDiscovery.BaseSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAckDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.MaxAckDelay, TimeSpan.FromMilliseconds(1 << 14));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AckElicitingThreshold, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ActiveConnectionIdLimit, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ActiveConnectionIdLimit, LocalConnectionIds.MaxActive);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InitialMaxUdpPayload, PathMtuDiscovery.BaseSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxUdpPayload, options.InitialMaxUdpPayload);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxUdpPayload, 65_527);
        ArgumentOutOfRangeException.ThrowIfZero(options.KeyUpdateInterval);
    }
}
