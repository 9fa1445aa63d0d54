using System.Buffers;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Wire;

namespace Vpr.Http3;

/// <summary>One request and its response: a two-way stream, seen from either end.</summary>
/// <remarks>
/// RFC 9114 §4.1. The client sends a head, content and trailers, the server answers in kind. Content is pulled by <see cref="Read"/> straight
/// from the transport into the reader's memory, and what is not read holds the peer back by flow control. Not thread-safe: a stream belongs
/// to its connection's loop.
/// </remarks>
public sealed partial class Http3Stream : IDisposable
{
    private readonly Http3Connection _connection;
    private readonly IHttp3Transport _transport;
    private IHttpDatagramHandler? _datagramHandler;

    internal Http3Stream(Http3Connection connection, IHttp3Transport transport, StreamId id)
    {
        _connection = connection;
        _transport = transport;
        Id = id;
    }

    /// <summary>The stream's number on the connection.</summary>
    public StreamId Id { get; }

    /// <summary>The connection that the stream is on.</summary>
    public Http3Connection Connection => _connection;

    /// <summary>What the application keeps with the stream; of no meaning here.</summary>
    public object? State { get; set; }

    /// <summary>The request: sent by a client, received by a server.</summary>
    public RequestHead Request { get; internal set; }

    /// <summary>The final response, once it was sent or received; its status is 0 before.</summary>
    public ResponseHead Response { get; private set; }

    /// <summary>All lines of the head that was received last; the memory is reused for the response behind an interim one, and given back by <see cref="Dispose"/>.</summary>
    public FieldSection Fields { get; } = new();

    /// <summary>The received trailers, once the content's end was read; null when there are none.</summary>
    public FieldSection? Trailers { get; private set; }

    /// <summary>Whether both directions have ended: nothing more can happen.</summary>
    public bool IsClosed => _receiveClosed && _sendClosed;

    /// <summary>Whether the peer cancelled it, in either direction, before it was complete.</summary>
    internal bool IsCancelled { get; set; }

    /// <summary>Whether datagrams without a handler are worth keeping: the message that would set one may still come.</summary>
    internal bool ExpectsDatagrams => !_receiveClosed && (_receiveState == ReceiveState.BeforeHead || (Request.Protocol is not null && Response.Status == 0));

    /// <summary>Who takes the request's HTTP Datagrams; null drops them. Those that came early are handed over when it is set.</summary>
    public IHttpDatagramHandler? DatagramHandler
    {
        get => _datagramHandler;
        set
        {
            _datagramHandler = value;
            if (value is not null) _connection.EarlyDatagrams.Deliver(this, value);
        }
    }

    /// <summary>The longest payload of an HTTP Datagram on this stream now, in bytes, Context ID included; 0 when datagrams cannot be sent.</summary>
    public int MaxDatagramPayload => _connection.CanSendDatagrams
        ? Math.Max(0, _transport.MaxDatagramPayload - VarInt.Length(Id.Value >> 2)) : 0;

    /// <summary>Queues a copy of an HTTP Datagram; for those that are rare.</summary>
    /// <param name="payload">The payload, Context ID included.</param>
    /// <returns>False when datagrams cannot be sent, it is too long, or the queue is full.</returns>
    public bool TryQueueDatagram(ReadOnlySpan<byte> payload)
    {
        if (IsClosed || payload.Length > MaxDatagramPayload) return false;
        byte[] rented = ArrayPool<byte>.Shared.Rent(payload.Length + VarInt.MaxLength);
        HttpDatagramWriter writer = new(Id);
        payload.CopyTo(rented.AsSpan(writer.HeaderLength));
        writer.Write(rented, writer.HeaderLength);
        bool queued = _transport.TryQueueDatagram(rented.AsSpan(0, writer.HeaderLength + payload.Length));
        ArrayPool<byte>.Shared.Return(rented);
        return queued;
    }

    /// <summary>The bytes that <see cref="TransmitDatagram"/> puts in front of the next payload when no acknowledgement rides along.</summary>
    public int MeasureDatagramHeader(in HttpDatagramWriter header) => _transport.MeasureDatagramHeader() + header.HeaderLength;

    /// <summary>Sends an HTTP Datagram around a payload that lies in the buffer already: header, frame and packet are written into the headroom, and protected in place.</summary>
    /// <param name="now">The time.</param>
    /// <param name="header">The header, made once for this stream and its context.</param>
    /// <param name="buffer">The buffer: headroom, payload, at least 16 bytes behind it.</param>
    /// <param name="payloadOffset">Where the payload begins, in bytes.</param>
    /// <param name="payloadLength">Its length in bytes.</param>
    /// <param name="packet">Where the packet to be sent lies in the buffer, where it goes, and its mark; unchanged when it is not sent.</param>
    public DatagramStatus TransmitDatagram(
        Instant now, in HttpDatagramWriter header, Span<byte> buffer, int payloadOffset, int payloadLength, ref PacketSlot packet)
    {
        if (IsClosed || !_connection.CanSendDatagrams) return DatagramStatus.NotReady;
        int offset = header.Write(buffer, payloadOffset);
        return _transport.TransmitDatagram(now, buffer, offset, payloadLength + header.HeaderLength, ref packet);
    }

    /// <summary>Asks what <see cref="TransmitDatagram"/> would answer, for a caller that must know before the payload is made.</summary>
    /// <param name="now">The time.</param>
    /// <param name="header">The header, made once for this stream and its context.</param>
    /// <param name="payloadLength">The payload's length in bytes.</param>
    public DatagramStatus ProbeDatagram(Instant now, in HttpDatagramWriter header, int payloadLength) =>
        IsClosed || !_connection.CanSendDatagrams ? DatagramStatus.NotReady : _transport.ProbeDatagram(now, payloadLength + header.HeaderLength);

    /// <summary>Ends both directions at once: what is unsent is dropped, what arrives is not read.</summary>
    /// <param name="error">Why: <see cref="Http3ErrorCode.RequestCancelled"/> for a change of mind.</param>
    public void Abort(Http3ErrorCode error)
    {
        StopReading(error);
        Reset(error);
    }

    /// <summary>Gives back the memory of <see cref="Fields"/> and <see cref="Trailers"/>, whose content is then gone; aborts the stream if it is still open.</summary>
    public void Dispose()
    {
        if (!IsClosed) Abort(Http3ErrorCode.RequestCancelled);
        Fields.Dispose();
        Trailers?.Dispose();
    }

    /// <summary>Ends the stream because the connection did.</summary>
    internal void Detach()
    {
        _receiveClosed = true;
        _sendClosed = true;
        ReleaseSection();
        ReleasePending();
    }

    /// <summary>Ends both directions because of what the peer did.</summary>
    internal void Fail(Http3ErrorCode error)
    {
        if (IsClosed) return;
        _connection.CountCancelled(this);
        Abort(error);
        _connection.Raise(new Http3Event(Http3EventKind.StreamFailed, this, (ulong)error));
    }

    private void ForgetIfClosed()
    {
        if (IsClosed) _connection.Forget(this);
    }
}
