using Vpr.Quic;
using Vpr.Wire;
using Vpr.Wire.Http3;

namespace Vpr.Http3;

public sealed partial class Http3Connection
{
    /// <summary>How many more requests a client may cancel, or send malformed, than it lets be answered: beyond that it only makes work.</summary>
    /// <remarks>RFC 9114 §10.5. Stream limits do not help: a cancelled stream makes room for the next at once.</remarks>
    internal const int MaxCancelledRequests = 200;

    private int _cancelledRequests;
    private bool _hasPeerControl;
    private bool _hasPeerEncoder;
    private bool _hasPeerDecoder;

    private void Follow(in ConnectionEvent ev)
    {
        switch (ev.Kind)
        {
            case ConnectionEventKind.HandshakeCompleted:
                _isReady = true;
                OpenOwnStreams();
                Raise(new Http3Event(Http3EventKind.Ready));
                break;
            case ConnectionEventKind.StreamOpened:
                Accept(ev.Stream);
                break;
            case ConnectionEventKind.StreamReadable:
                OnReadable(ev.Stream);
                break;
            case ConnectionEventKind.StreamWritable:
                if (_streams.TryGetValue(ev.Stream.Value, out Http3Stream? writable)) writable.OnWritable();
                break;
            case ConnectionEventKind.StreamReset:
                OnReset(ev.Stream, ev.ErrorCode);
                break;
            case ConnectionEventKind.StreamStopped:
                OnStopped(ev.Stream, ev.ErrorCode);
                break;
            case ConnectionEventKind.StreamsAvailable:
                OpenOwnStreams();
                if (!_requestsBlocked) break;
                _requestsBlocked = false;
                Raise(new Http3Event(Http3EventKind.RequestsAvailable));
                break;
            case ConnectionEventKind.PathChanged:
                Raise(new Http3Event(Http3EventKind.PathChanged));
                break;
        }
    }

    /// <summary>Opens our control stream, with SETTINGS, and both QPACK streams, which stay silent.</summary>
    /// <remarks>RFC 9114 §6.2.1; RFC 9204 §4.2, where the latter are optional: browsers open them, and so do we.</remarks>
    private void OpenOwnStreams()
    {
        if (!_isReady || _controlStream is not null || !_transport.TryOpenStream(StreamDirection.Unidirectional, out StreamId control)) return;
        _controlStream = control;
        Span<byte> grease = stackalloc byte[sizeof(ulong)];
        _random.FillPublic(grease);
        Span<byte> bytes = stackalloc byte[1 + Http3FrameHeader.MaxLength + Http3Settings.MaxEncodedLength];
        int length = VarInt.Write(bytes, (ulong)UnidirectionalStreamType.Control);
        length += Settings.Write(bytes[length..], IsServer, BitConverter.ToUInt64(grease));
        WriteControl(bytes[..length], control);
        foreach (UnidirectionalStreamType type in (ReadOnlySpan<UnidirectionalStreamType>)[UnidirectionalStreamType.QpackEncoder, UnidirectionalStreamType.QpackDecoder])
            if (_transport.TryOpenStream(StreamDirection.Unidirectional, out StreamId stream))
                _transport.Write(stream, [(byte)type], fin: false);
    }

    /// <summary>Writes to our control stream, which never holds more than a few dozen bytes: a peer that does not let them pass breaks RFC 9114 §6.2.</summary>
    private void WriteControl(ReadOnlySpan<byte> bytes, StreamId control)
    {
        if (_transport.Write(control, bytes, fin: false) < bytes.Length)
            Fail(Http3ErrorCode.GeneralProtocolError, "no flow control credit for the control stream"u8);
    }

    private void Accept(StreamId id)
    {
        if (id.Direction == StreamDirection.Unidirectional)
        {
            _incoming.TryAdd(id.Value, new IncomingStream());
            return;
        }

        if (!IsServer)
        {
            Fail(Http3ErrorCode.StreamCreationError, "a server opened a two-way stream"u8); // RFC 9114 §6.1
            return;
        }

        if (_streams.ContainsKey(id.Value)) return;
        if (id.Value >= _goAwayId)
        {
            // RFC 9114 §5.2: beyond GOAWAY nothing is processed.
            _transport.StopSending(id, (ulong)Http3ErrorCode.RequestRejected);
            _transport.Reset(id, (ulong)Http3ErrorCode.RequestRejected);
            return;
        }

        _nextRequestId = Math.Max(_nextRequestId, id.Value + 4);
        _streams.Add(id.Value, new Http3Stream(this, _transport, id));
    }

    private void OnReadable(StreamId id)
    {
        if (_streams.TryGetValue(id.Value, out Http3Stream? stream)) stream.OnReadable();
        else if (_incoming.TryGetValue(id.Value, out IncomingStream? incoming)) OnReadable(id, incoming);
    }

    private void OnReadable(StreamId id, IncomingStream incoming)
    {
        if (incoming.Kind == IncomingKind.Untyped && !TryIdentify(id, incoming)) return;
        switch (incoming.Kind)
        {
            case IncomingKind.Control:
                incoming.Control!.OnReadable();
                break;
            case IncomingKind.QpackEncoder or IncomingKind.QpackDecoder:
                ReadInstructions(id, incoming);
                break;
        }
    }

    /// <summary>Reads a one-way stream's type and decides what becomes of it.</summary>
    /// <returns>False when the type is not there yet, or the stream is not read.</returns>
    private bool TryIdentify(StreamId id, IncomingStream incoming)
    {
        Span<byte> octets = incoming.TypeOctets;
        while (true)
        {
            int need = incoming.TypeLength == 0 ? 1 : VarInt.LengthFromFirstByte(octets[0]);
            if (incoming.TypeLength == need) break;
            int read = _transport.Read(id, octets[incoming.TypeLength..need], out bool fin);
            incoming.TypeLength += read;
            if (fin && !(read > 0 && incoming.TypeLength == VarInt.LengthFromFirstByte(octets[0])))
            {
                _incoming.Remove(id.Value); // RFC 9114 §6.2: a stream may end before its type
                return false;
            }

            incoming.HasEnded = fin;
            if (read == 0) return false;
        }

        VarInt.TryRead(octets, out ulong type, out _);
        return TryDispatch(id, incoming, (UnidirectionalStreamType)type);
    }

    private bool TryDispatch(StreamId id, IncomingStream incoming, UnidirectionalStreamType type)
    {
        switch (type)
        {
            case UnidirectionalStreamType.Control when !_hasPeerControl:
                _hasPeerControl = true;
                incoming.Kind = IncomingKind.Control;
                incoming.Control = new Http3ControlStream(this, _transport, id);
                break;
            case UnidirectionalStreamType.QpackEncoder when !_hasPeerEncoder:
                _hasPeerEncoder = true;
                incoming.Kind = IncomingKind.QpackEncoder;
                break;
            case UnidirectionalStreamType.QpackDecoder when !_hasPeerDecoder:
                _hasPeerDecoder = true;
                incoming.Kind = IncomingKind.QpackDecoder;
                break;

            // RFC 9114 §6.2.1, RFC 9204 §4.2: one of each. §6.2.2: only servers push, and only with a permission that is never given.
            case UnidirectionalStreamType.Control or UnidirectionalStreamType.QpackEncoder or UnidirectionalStreamType.QpackDecoder:
                Fail(Http3ErrorCode.StreamCreationError, "a second stream of a kind there is one of"u8);
                return false;
            case UnidirectionalStreamType.Push:
                Fail(IsServer ? Http3ErrorCode.StreamCreationError : Http3ErrorCode.IdError, "a push that was not permitted"u8);
                return false;
            default:
                // RFC 9114 §6.2.3, §9: streams of unknown types are not an error, and not read.
                _incoming.Remove(id.Value);
                if (!incoming.HasEnded) _transport.StopSending(id, (ulong)Http3ErrorCode.StreamCreationError);
                return false;
        }

        if (!incoming.HasEnded) return true;
        FailCriticalStream();
        return false;
    }

    private void ReadInstructions(StreamId id, IncomingStream incoming)
    {
        Span<byte> bytes = stackalloc byte[512];
        while (true)
        {
            int read = _transport.Read(id, bytes, out bool fin);
            bool isEncoder = incoming.Kind == IncomingKind.QpackEncoder;
            bool understood = isEncoder
                ? incoming.Instructions.TryReadEncoderStream(bytes[..read])
                : incoming.Instructions.TryReadDecoderStream(bytes[..read]);
            if (!understood)
            {
                Fail(
                    isEncoder ? Http3ErrorCode.QpackEncoderStreamError : Http3ErrorCode.QpackDecoderStreamError,
                    "a dynamic table instruction without a dynamic table"u8);
                return;
            }

            if (fin) FailCriticalStream();
            if (fin || read == 0) return;
        }
    }

    private void OnReset(StreamId id, ulong errorCode)
    {
        if (_streams.TryGetValue(id.Value, out Http3Stream? stream))
        {
            CountCancelled(stream);
            stream.OnPeerReset(errorCode);
        }
        else if (_incoming.Remove(id.Value, out IncomingStream? incoming) && incoming.Kind != IncomingKind.Untyped) FailCriticalStream();
    }

    private void OnStopped(StreamId id, ulong errorCode)
    {
        if (_streams.TryGetValue(id.Value, out Http3Stream? stream))
        {
            CountCancelled(stream);
            stream.OnPeerStopped(errorCode);
        }
        else if (id.Direction == StreamDirection.Unidirectional) FailCriticalStream(); // ours are all critical
    }

    /// <summary>Notes that a request came to nothing through its client's doing.</summary>
    internal void CountCancelled(Http3Stream stream)
    {
        if (!IsServer || stream.IsCancelled) return;
        stream.IsCancelled = true;
        if (++_cancelledRequests > MaxCancelledRequests) Fail(Http3ErrorCode.ExcessiveLoad, "too many cancelled requests"u8);
    }

    private void FailCriticalStream() => Fail(Http3ErrorCode.ClosedCriticalStream, "a stream that the connection needs was closed"u8);

    private enum IncomingKind : byte
    {
        Untyped,
        Control,
        QpackEncoder,
        QpackDecoder,
    }

    /// <summary>A one-way stream of the peer.</summary>
    private sealed class IncomingStream
    {
        public readonly byte[] TypeOctets = new byte[VarInt.MaxLength];
        public int TypeLength;
        public bool HasEnded;
        public IncomingKind Kind;
        public Http3ControlStream? Control;
        public QpackInstructionReader Instructions;
    }
}
