using System.Buffers;

namespace Vpr.Http3;

public sealed partial class Http3Stream
{
    /// <summary>A field section's buffer grows from here as its bytes arrive, so that an announced length alone costs nothing.</summary>
    private const int FirstSectionBuffer = 2048;

    private Http3FrameHeader _frameHeader;
    private ReceiveState _receiveState;
    private Http3FrameType _frameType;
    private ulong _frameRemaining;
    private byte[] _section = [];
    private int _sectionLength;
    private long? _contentLength;
    private long _contentReceived;
    private bool _transportFinished;
    private bool _receiveClosed;

    /// <summary>Whether the application was told to read, and has not yet found that there is nothing.</summary>
    private bool _dataAnnounced;

    /// <summary>Whether an interim response waits to be taken before the stream is read on.</summary>
    private bool _interimPending;

    private enum ReceiveState : byte
    {
        /// <summary>Nothing but unknown frames so far, or interim responses.</summary>
        BeforeHead,

        /// <summary>The head is there: content or trailers follow.</summary>
        Content,

        /// <summary>Trailers are there: only unknown frames may follow.</summary>
        AfterTrailers,

        /// <summary>The whole message was read.</summary>
        Complete,
    }

    /// <summary>Whether the received message's content was read to its end.</summary>
    public bool IsReadToEnd => _receiveState == ReceiveState.Complete;

    /// <summary>Takes received content.</summary>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="fin">Whether the content has ended; <see cref="Trailers"/> are then known, and further reads say the same.</param>
    /// <returns>Bytes read; 0 without <paramref name="fin"/> when none is there now: <see cref="Http3EventKind.DataReceived"/> tells when to ask again.</returns>
    public int Read(Span<byte> destination, out bool fin)
    {
        int read = 0;
        while (read < destination.Length && TrySkipToData())
        {
            int room = (int)Math.Min((ulong)(destination.Length - read), _frameRemaining);
            int count = ReadTransport(destination.Slice(read, room));
            _frameRemaining -= (ulong)count;
            _contentReceived += count;
            read += count;
            if (_contentLength < _contentReceived) Fail(Http3ErrorCode.MessageError); // RFC 9114 §4.1.2
            if (count < room)
            {
                if (_transportFinished) FailTruncated();
                break;
            }
        }

        // The end is often right behind the last byte: told at once, it saves the reader a round.
        if (_frameRemaining == 0) TrySkipToData();
        fin = _receiveState == ReceiveState.Complete;
        if (read == 0 && !fin) _dataAnnounced = false;
        return read;
    }

    /// <summary>Stops receiving: what has arrived is dropped, and the peer is asked to send no more.</summary>
    /// <param name="error">Why; <see cref="Http3ErrorCode.NoError"/> when a complete response needs nothing more of the request (RFC 9114 §4.1).</param>
    public void StopReading(Http3ErrorCode error)
    {
        if (_receiveClosed) return;
        if (!_transportFinished) _transport.StopSending(Id, (ulong)error);
        CloseReceive();
    }

    /// <summary>Reads as far as needs no reader: through the head, and to content that can be announced.</summary>
    internal void OnReadable()
    {
        while (_receiveState == ReceiveState.BeforeHead && !_interimPending && !_receiveClosed)
            if (!TryAdvance()) return;
        if (_receiveState == ReceiveState.BeforeHead || _dataAnnounced || _receiveClosed) return;
        _dataAnnounced = true;
        _connection.Raise(new Http3Event(Http3EventKind.DataReceived, this));
    }

    /// <summary>Goes on behind an interim response that was taken.</summary>
    internal void OnInterimTaken()
    {
        _interimPending = false;
        OnReadable();
    }

    internal void OnPeerReset(ulong errorCode)
    {
        if (_receiveClosed) return;
        _transportFinished = true;
        CloseReceive();
        _connection.Raise(new Http3Event(Http3EventKind.StreamReset, this, errorCode));
    }

    private int ReadTransport(Span<byte> destination)
    {
        if (_transportFinished) return 0;
        int read = _transport.Read(Id, destination, out _transportFinished);
        return read;
    }

    /// <summary>Passes everything up to the next content.</summary>
    /// <returns>Whether the next byte of the stream is content; false at the message's end or when it has not arrived.</returns>
    private bool TrySkipToData()
    {
        if (_receiveState == ReceiveState.BeforeHead) return false;
        while (!_receiveClosed && (_frameRemaining == 0 || _frameType != Http3FrameType.Data))
            if (!TryAdvance()) return false;
        return !_receiveClosed;
    }

    /// <summary>Reads a frame header, or what is left of a frame that is not DATA.</summary>
    /// <returns>Whether there was something to read.</returns>
    private bool TryAdvance()
    {
        if (_frameRemaining > 0) return _frameType == Http3FrameType.Headers ? TryReadSection() : TrySkip();
        if (!_transportFinished)
        {
            bool complete = _frameHeader.TryRead(_transport, Id, out _transportFinished, out _frameType, out _frameRemaining);
            if (complete) return TryBeginFrame();
        }

        if (!_transportFinished) return false;
        if (_frameHeader.IsAtBoundary) OnMessageEnd();
        else FailTruncated();
        return false;
    }

    /// <summary>Judges a frame by its type and place.</summary>
    /// <remarks>RFC 9114 §4.1, §7.2</remarks>
    private bool TryBeginFrame()
    {
        bool contentAllowed = _receiveState == ReceiveState.Content;
        switch (_frameType)
        {
            case Http3FrameType.Data when contentAllowed:
                return true;

            // §4.4: on the stream of a CONNECT request only DATA follows the head.
            case Http3FrameType.Headers when _receiveState == ReceiveState.BeforeHead || (contentAllowed && !Request.IsConnect):
                _sectionLength = 0;
                if (_frameRemaining <= (ulong)_connection.Settings.MaxFieldSectionSize) return TryReadSection();
                RefuseSection();
                return false;
            case Http3FrameType.PushPromise when !_connection.IsServer:
                _connection.Fail(Http3ErrorCode.IdError, "a push that was not permitted"u8); // §7.2.5: no MAX_PUSH_ID was sent
                return false;
            case Http3FrameType.Data or Http3FrameType.Headers or Http3FrameType.Settings or Http3FrameType.GoAway
                or Http3FrameType.MaxPushId or Http3FrameType.CancelPush or Http3FrameType.PushPromise:
            case var type when Http3ControlStream.IsHttp2Frame(type):
                _connection.Fail(Http3ErrorCode.FrameUnexpected, "a frame out of place on a request stream"u8);
                return false;
            default:
                return TrySkip(); // §9: unknown frames are passed over
        }
    }

    private bool TrySkip()
    {
        Span<byte> scratch = stackalloc byte[512];
        while (_frameRemaining > 0)
        {
            int read = ReadTransport(scratch[..(int)Math.Min((ulong)scratch.Length, _frameRemaining)]);
            _frameRemaining -= (ulong)read;
            if (read > 0) continue;
            if (_transportFinished) FailTruncated();
            return false;
        }

        return true;
    }

    private bool TryReadSection()
    {
        while (_frameRemaining > 0)
        {
            if (_sectionLength == _section.Length) GrowSection();
            int room = (int)Math.Min((ulong)(_section.Length - _sectionLength), _frameRemaining);
            int read = ReadTransport(_section.AsSpan(_sectionLength, room));
            _sectionLength += read;
            _frameRemaining -= (ulong)read;
            if (read > 0) continue;
            if (_transportFinished) FailTruncated();
            return false;
        }

        bool isHead = _receiveState == ReceiveState.BeforeHead;
        FieldSection target = isHead ? Fields : Trailers = new FieldSection();
        target.Clear();
        QpackStatus status = QpackDecoder.Decode(_section.AsSpan(0, _sectionLength), _connection.Settings.MaxFieldSectionSize, target);
        ReleaseSection();
        switch (status)
        {
            case QpackStatus.DecompressionFailed:
                _connection.Fail(Http3ErrorCode.QpackDecompressionFailed, "a field section that cannot be decoded"u8);
                return false;
            case QpackStatus.TooLarge:
                RefuseSection();
                return false;
            default:
                return isHead ? TryTakeHead() : TryTakeTrailers();
        }
    }

    private bool TryTakeHead()
    {
        if (_connection.IsServer)
        {
            if (!RequestHead.TryRead(Fields, _connection.Settings.EnableConnectProtocol, out RequestHead request))
            {
                Fail(Http3ErrorCode.MessageError);
                return false;
            }

            Request = request;
            BeginContent(Http3EventKind.RequestReceived, request.IsConnect ? null : request.ContentLength);
            return true;
        }

        if (!ResponseHead.TryRead(Fields, out ResponseHead response))
        {
            Fail(Http3ErrorCode.MessageError);
            return false;
        }

        if (response.IsInformational)
        {
            _interimPending = true;
            _connection.Raise(new Http3Event(Http3EventKind.InformationalReceived, this));
            return true;
        }

        Response = response;

        // RFC 9110 §6.4.1: these have no content, whatever length they announce; a tunnel has no length at all.
        bool noContent = Request.Method == "HEAD" || response.Status is 204 or 304;
        BeginContent(Http3EventKind.ResponseReceived, noContent ? 0 : Request.IsConnect && response.IsSuccess ? null : response.ContentLength);
        return true;
    }

    private void BeginContent(Http3EventKind kind, long? contentLength)
    {
        _contentLength = contentLength;
        _receiveState = ReceiveState.Content;
        _dataAnnounced = true; // the application reads on its own after the head
        _connection.Raise(new Http3Event(kind, this));
    }

    private bool TryTakeTrailers()
    {
        if (!FieldRules.AreTrailers(Trailers!))
        {
            Fail(Http3ErrorCode.MessageError);
            return false;
        }

        _receiveState = ReceiveState.AfterTrailers;
        return true;
    }

    private void OnMessageEnd()
    {
        if (_receiveState == ReceiveState.BeforeHead)
            Fail(_connection.IsServer ? Http3ErrorCode.RequestIncomplete : Http3ErrorCode.MessageError);
        else if (_contentLength is { } announced && announced != _contentReceived)
            Fail(Http3ErrorCode.MessageError);
        else
        {
            _receiveState = ReceiveState.Complete;
            CloseReceive();
        }
    }

    /// <summary>Turns down a field section that is larger than we said we take.</summary>
    /// <remarks>RFC 9114 §4.2.2: a server may answer 431.</remarks>
    private void RefuseSection()
    {
        if (!_connection.IsServer || _receiveState != ReceiveState.BeforeHead)
        {
            Fail(Http3ErrorCode.ExcessiveLoad);
            return;
        }

        using FieldSection response = new();
        response.Add(FieldNames.Status, "431"u8);
        SendResponse(response, fin: true);
        StopReading(Http3ErrorCode.NoError);
    }

    /// <summary>RFC 9114 §7.1: a stream that ends inside a frame is a connection error.</summary>
    private void FailTruncated() => _connection.Fail(Http3ErrorCode.FrameError, "a stream that ends inside a frame"u8);

    private void CloseReceive()
    {
        _receiveClosed = true;
        ReleaseSection();
        ForgetIfClosed();
    }

    private void GrowSection()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSectionBuffer, _section.Length * 2));
        _section.AsSpan(0, _sectionLength).CopyTo(larger);
        int length = _sectionLength;
        ReleaseSection();
        _section = larger;
        _sectionLength = length;
    }

    private void ReleaseSection()
    {
        if (_section.Length > 0) ArrayPool<byte>.Shared.Return(_section, clearArray: true); // credentials pass through here
        _section = [];
        _sectionLength = 0;
    }
}
