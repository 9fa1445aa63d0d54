using Vpr.Io;
using Vpr.Quic;
using Vpr.Wire.Http3;

namespace Vpr.Http3;

/// <summary>HTTP/3 on one QUIC connection, client or server: requests, responses and HTTP Datagrams over the transport's streams.</summary>
/// <remarks>
/// RFC 9114. Sans-IO like the transport below: after the transport has received, or a timer fired, <see cref="Process"/> follows its events and
/// <see cref="TryTakeEvent"/> tells what they mean; what is to be sent is in the transport then. Reading a stream may raise an event too, so
/// events are taken after that as well. Not thread-safe: it belongs to the loop of its transport, whose events and datagrams nobody else takes.
/// </remarks>
public sealed partial class Http3Connection : IDisposable
{
    private readonly IHttp3Transport _transport;
    private readonly IRandomSource _random;
    private readonly Queue<Http3Event> _events = new();
    private readonly Dictionary<ulong, Http3Stream> _streams = [];
    private readonly Dictionary<ulong, IncomingStream> _incoming = [];
    private StreamId? _controlStream;
    private Http3Stream? _interimTaken;
    private bool _isReady;
    private bool _isClosed;

    /// <summary>The first request ID that is not served: ours as a server, or the server's word to us.</summary>
    private ulong _goAwayId = ulong.MaxValue;
    private ulong _nextRequestId;
    private bool _requestsBlocked;

    internal Http3Connection(IHttp3Transport transport, bool isServer, Http3Settings settings, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _transport = transport;
        _random = random;
        IsServer = isServer;
        Settings = settings;
        transport.Attach(this);
    }

    /// <summary>Whether we are the server.</summary>
    public bool IsServer { get; }

    /// <summary>What we declared.</summary>
    public Http3Settings Settings { get; }

    /// <summary>What the peer declared; null until its SETTINGS arrive.</summary>
    public Http3Settings? PeerSettings { get; private set; }

    /// <summary>Whether no new requests are made or taken: GOAWAY was sent or received, or the connection is closed.</summary>
    public bool IsGoingAway => _goAwayId != ulong.MaxValue || _isClosed;

    /// <summary>How many requests are open.</summary>
    public int OpenStreams => _streams.Count;

    /// <summary>Whether the connection was ended by us for an error of the peer.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>Whether both ends said that they take HTTP Datagrams.</summary>
    /// <remarks>RFC 9297 §2.1.1</remarks>
    internal bool CanSendDatagrams { get; private set; }

    internal EarlyDatagrams EarlyDatagrams { get; } = new();

    /// <summary>Follows all events of the transport.</summary>
    public void Process()
    {
        while (_transport.TryTakeEvent(out ConnectionEvent ev))
        {
            if (ev.Kind == ConnectionEventKind.Closed) OnClosed(ev);
            else if (!HasFailed) Follow(ev);
        }
    }

    /// <summary>Takes the next event, in the order in which things happened.</summary>
    /// <param name="ev">The event when the result is true.</param>
    public bool TryTakeEvent(out Http3Event ev)
    {
        if (_interimTaken is { } stream)
        {
            _interimTaken = null;
            stream.OnInterimTaken();
        }

        if (!_events.TryDequeue(out ev)) return false;
        if (ev.Kind == Http3EventKind.InformationalReceived) _interimTaken = ev.Stream;
        return true;
    }

    /// <summary>Sends a request's head on a new stream.</summary>
    /// <remarks>RFC 9114 §4.1. Clients only.</remarks>
    /// <param name="fields">The head with its pseudo-header fields; encoded at once, so the caller keeps it.</param>
    /// <param name="fin">Whether neither content nor trailers follow.</param>
    /// <param name="stream">The stream when the result is <see cref="RequestStatus.Sent"/>.</param>
    /// <exception cref="InvalidOperationException">A server sends no requests.</exception>
    /// <exception cref="ArgumentException">The fields are no request.</exception>
    public RequestStatus OpenRequest(FieldSection fields, bool fin, out Http3Stream? stream)
    {
        stream = null;
        if (IsServer) throw new InvalidOperationException("A server sends no requests.");
        if (!RequestHead.TryRead(fields, extendedConnect: true, out RequestHead head))
            throw new ArgumentException("The fields are no request head.", nameof(fields));
        if (IsGoingAway || HasFailed) return RequestStatus.GoingAway;
        if (!_isReady || (head.Protocol is not null && PeerSettings is null)) return RequestStatus.NotReady;
        if (head.Protocol is not null && !PeerSettings!.EnableConnectProtocol) return RequestStatus.ExtendedConnectNotSupported;
        if (PeerSettings is { } peer && fields.Size > peer.MaxFieldSectionSize) return RequestStatus.FieldsTooLarge;
        if (!_transport.TryOpenStream(StreamDirection.Bidirectional, out StreamId id))
        {
            _requestsBlocked = true;
            return RequestStatus.TooManyRequests;
        }

        stream = new Http3Stream(this, _transport, id) { Request = head };
        _streams.Add(id.Value, stream);
        stream.SendRequest(fields, fin);
        return RequestStatus.Sent;
    }

    /// <summary>Winds the connection down: requests that are under way are finished, new ones are refused unprocessed.</summary>
    /// <remarks>RFC 9114 §5.2. The owner closes the connection once <see cref="OpenStreams"/> is 0.</remarks>
    public void GoAway()
    {
        if (_isClosed || HasFailed || _controlStream is not { } control || (IsServer && _goAwayId <= _nextRequestId)) return;

        // A server names the first request it will not serve; a client the first push, and it permits none.
        ulong id = IsServer ? _nextRequestId : 0;
        if (IsServer) _goAwayId = id;
        Span<byte> frame = stackalloc byte[Http3FrameHeader.MaxLength + Vpr.Wire.VarInt.MaxLength];
        WriteControl(frame[..new GoAwayFrame(id).Write(frame)], control);
    }

    /// <summary>Closes the connection at once, with everything on it.</summary>
    /// <param name="error">Why; <see cref="Http3ErrorCode.NoError"/> for a regular end.</param>
    public void Close(Http3ErrorCode error)
    {
        if (!_isClosed) _transport.Close((ulong)error, []);
    }

    /// <summary>Gives back what open streams hold; the transport stays its owner's.</summary>
    public void Dispose()
    {
        _transport.Attach(null);
        Release();
    }

    /// <summary>Ends the connection because of what the peer did.</summary>
    /// <remarks>RFC 9114 §8</remarks>
    internal void Fail(Http3ErrorCode error, ReadOnlySpan<byte> reason)
    {
        if (HasFailed || _isClosed) return;
        HasFailed = true;
        _transport.Close((ulong)error, reason);
    }

    internal void Raise(Http3Event ev) => _events.Enqueue(ev);

    internal void Forget(Http3Stream stream)
    {
        _streams.Remove(stream.Id.Value);
        EarlyDatagrams.Forget(stream.Id);
        if (_lastDatagramStream == stream) _lastDatagramStream = null;
        if (!stream.IsCancelled && _cancelledRequests > 0) _cancelledRequests--;
    }

    internal void OnSettings(Http3Settings settings)
    {
        // RFC 9297 §2.1.1: HTTP Datagrams without the transport's are a contradiction.
        if (settings.H3Datagram && Settings.H3Datagram && _transport.MaxDatagramPayload == 0)
        {
            Fail(Http3ErrorCode.SettingsError, "H3_DATAGRAM without max_datagram_frame_size"u8);
            return;
        }

        PeerSettings = settings;
        CanSendDatagrams = Settings.H3Datagram && settings.H3Datagram && !_isClosed;
        Raise(new Http3Event(Http3EventKind.SettingsReceived));
    }

    /// <summary>Ends the requests that the server will not serve; they are safe to repeat elsewhere.</summary>
    /// <remarks>RFC 9114 §5.2</remarks>
    internal void OnGoAway(ulong id)
    {
        Raise(new Http3Event(Http3EventKind.GoAwayReceived));
        if (IsServer) return; // the client's word concerns pushes, and there are none
        _goAwayId = id;
        foreach (Http3Stream stream in _streams.Values.ToArray())
            if (stream.Id.Value >= id) stream.Fail(Http3ErrorCode.RequestRejected);
    }

    private void OnClosed(in ConnectionEvent ev)
    {
        Release();
        Raise(new Http3Event(Http3EventKind.Closed, null, ev.ErrorCode, ev.CloseSource));
    }

    private void Release()
    {
        _isClosed = true;
        CanSendDatagrams = false;
        foreach (Http3Stream stream in _streams.Values) stream.Detach();
        _streams.Clear();
        _incoming.Clear();
        _lastDatagramStream = null;
        EarlyDatagrams.Clear();
    }
}
