using System.Buffers;

namespace Vpr.Http3;

public sealed partial class Http3Stream
{
    /// <summary>Heads and frame headers that the transport has not taken yet.</summary>
    private byte[] _pending = [];
    private int _pendingStart;
    private int _pendingLength;
    private bool _pendingFin;

    /// <summary>Bytes of content that the last DATA frame announced and that were not written yet.</summary>
    private ulong _announced;
    private bool _headSent;
    private bool _sendClosed;
    private bool _writerWaits;

    /// <summary>Whether everything was handed to the transport, or sending was given up.</summary>
    public bool IsSendClosed => _sendClosed;

    /// <summary>Answers the request: with any number of interim responses and one final.</summary>
    /// <remarks>RFC 9114 §4.1. Never blocks: what the transport does not take now is kept and follows.</remarks>
    /// <param name="fields">The head, :status first; encoded at once, so the caller keeps it.</param>
    /// <param name="fin">Whether neither content nor trailers follow a final response.</param>
    /// <exception cref="InvalidOperationException">Not a server, or the final response was sent already.</exception>
    /// <exception cref="ArgumentException">The fields are no response.</exception>
    public void SendResponse(FieldSection fields, bool fin)
    {
        if (!_connection.IsServer) throw new InvalidOperationException("A client sends no responses.");
        if (_headSent) throw new InvalidOperationException("The final response was sent already.");
        if (!ResponseHead.TryRead(fields, out ResponseHead head)) throw new ArgumentException("The fields are no response head.", nameof(fields));
        if (_sendClosed) return;
        if (!head.IsInformational)
        {
            Response = head;
            _headSent = true;
        }

        Append(fields, fin && !head.IsInformational);
    }

    /// <summary>Sends content.</summary>
    /// <param name="data">The bytes; those that are taken are copied. Bytes that were offered and not taken are promised: the next call must begin with them.</param>
    /// <param name="fin">Whether the message ends behind them; counts when all of <paramref name="data"/> is taken.</param>
    /// <returns>Bytes taken; fewer than offered when the stream is blocked, and <see cref="Http3EventKind.Writable"/> tells when to go on. 0 on a stream whose sending side is over.</returns>
    /// <exception cref="InvalidOperationException">No head was sent, or the message would end short of what was promised.</exception>
    public int Write(ReadOnlySpan<byte> data, bool fin)
    {
        if (_sendClosed) return 0;
        if (!_headSent) throw new InvalidOperationException("The head comes before the content.");
        if (!TryFlush())
        {
            _writerWaits = true;
            return 0;
        }

        int written = 0;
        while (written < data.Length)
        {
            if (_announced == 0 && !TryAnnounce(data.Length - written)) break;
            ReadOnlySpan<byte> chunk = data[written..];
            if ((ulong)chunk.Length > _announced) chunk = chunk[..(int)_announced];
            bool last = fin && written + chunk.Length == data.Length && (ulong)chunk.Length == _announced;
            int count = _transport.Write(Id, chunk, last);
            written += count;
            _announced -= (ulong)count;
            if (count < chunk.Length) break;
            if (!last) continue;
            CloseSend();
            return written;
        }

        _writerWaits = written < data.Length;
        if (fin && !_writerWaits)
        {
            if (_announced > 0) throw new InvalidOperationException("The message would end short of the content that was promised.");
            _transport.Write(Id, [], fin: true);
            CloseSend();
        }

        return written;
    }

    /// <summary>Ends the message with trailers.</summary>
    /// <remarks>RFC 9114 §4.1</remarks>
    /// <param name="fields">The trailers; encoded at once.</param>
    /// <exception cref="InvalidOperationException">No head was sent, or promised content is missing.</exception>
    /// <exception cref="ArgumentException">The fields are no trailers.</exception>
    public void SendTrailers(FieldSection fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (_sendClosed) return;
        if (!_headSent || _announced > 0) throw new InvalidOperationException("Trailers come behind the head and the whole content.");
        if (!FieldRules.AreTrailers(fields)) throw new ArgumentException("The fields are no trailers.", nameof(fields));
        Append(fields, fin: true);
    }

    /// <summary>Abandons what is being sent: the peer drops what it has.</summary>
    public void Reset(Http3ErrorCode error)
    {
        if (_sendClosed) return;
        _transport.Reset(Id, (ulong)error);
        CloseSend();
    }

    /// <summary>Sends a request's head; the connection has judged it.</summary>
    internal void SendRequest(FieldSection fields, bool fin)
    {
        _headSent = true;
        Append(fields, fin);
    }

    internal void OnWritable()
    {
        if (_sendClosed || !TryFlush() || !_writerWaits) return;
        _writerWaits = false;
        _connection.Raise(new Http3Event(Http3EventKind.Writable, this));
    }

    internal void OnPeerStopped(ulong errorCode)
    {
        if (_sendClosed) return;
        CloseSend();
        _connection.Raise(new Http3Event(Http3EventKind.StreamStopped, this, errorCode));
    }

    /// <summary>Puts a HEADERS frame behind what is pending, and sends what the transport takes.</summary>
    private void Append(FieldSection fields, bool fin)
    {
        byte[] encoded = ArrayPool<byte>.Shared.Rent(QpackEncoder.MaxEncodedLength(fields));
        int length = QpackEncoder.Encode(fields, encoded);
        Reserve(Http3FrameHeader.MaxLength + length);
        _pendingLength += Http3FrameHeader.Write(
            _pending.AsSpan(_pendingStart + _pendingLength), Http3FrameType.Headers, (ulong)length, encoded.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(encoded, clearArray: true);
        _pendingFin |= fin;
        TryFlush();
    }

    /// <summary>Begins a DATA frame of the given length.</summary>
    /// <returns>False when the transport took less than its header: content cannot follow yet.</returns>
    private bool TryAnnounce(int length)
    {
        Span<byte> header = stackalloc byte[Http3FrameHeader.MaxLength];
        int headerLength = Http3FrameHeader.Write(header, Http3FrameType.Data, (ulong)length);
        int taken = _transport.Write(Id, header[..headerLength], fin: false);
        if (taken == 0) return false;
        _announced = (ulong)length;
        if (taken == headerLength) return true;
        Reserve(headerLength - taken);
        header[taken..headerLength].CopyTo(_pending.AsSpan(_pendingStart + _pendingLength));
        _pendingLength += headerLength - taken;
        return false;
    }

    private bool TryFlush()
    {
        if (_pendingLength == 0) return true;
        int taken = _transport.Write(Id, _pending.AsSpan(_pendingStart, _pendingLength), _pendingFin);
        _pendingStart += taken;
        _pendingLength -= taken;
        if (_pendingLength > 0) return false;
        ReleasePending();
        if (_pendingFin) CloseSend();
        return !_sendClosed;
    }

    private void Reserve(int length)
    {
        if (_pending.Length - _pendingStart - _pendingLength >= length) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(_pendingLength + length);
        _pending.AsSpan(_pendingStart, _pendingLength).CopyTo(larger);
        int kept = _pendingLength;
        ReleasePending();
        _pending = larger;
        _pendingLength = kept;
    }

    private void ReleasePending()
    {
        if (_pending.Length > 0) ArrayPool<byte>.Shared.Return(_pending, clearArray: true);
        _pending = [];
        _pendingStart = 0;
        _pendingLength = 0;
    }

    private void CloseSend()
    {
        _sendClosed = true;
        ReleasePending();
        ForgetIfClosed();
    }
}
