using System.Buffers;
using Vpr.Http3;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Wire;

namespace Vpr.Masque;

/// <summary>A <see cref="ConnectIpSession"/> on its HTTP/3 request: moves capsules between session and stream, and datagrams by Quarter Stream ID.</summary>
/// <remarks>RFC 9484 §4.5, RFC 9297 §2.1. It is its stream's <see cref="Http3Stream.State"/>, by which the owner of the connection finds it when an event comes.</remarks>
public sealed class ConnectIpStream : IHttpDatagramHandler, IDisposable
{
    private const int ReadSize = 16 << 10;

    private bool _receives;

    internal ConnectIpStream(Http3Stream stream, ConnectIpSession session)
    {
        Stream = stream;
        Session = session;
        stream.State = this;
    }

    /// <summary>The request.</summary>
    public Http3Stream Stream { get; }

    /// <summary>The tunnel.</summary>
    public ConnectIpSession Session { get; }

    /// <summary>The client at the other end; <c>default</c> on the client's own side.</summary>
    public PeerKey Client { get; internal init; }

    /// <summary>Whether packets pass: the request was accepted and neither end has ended it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Bytes of the longest payload behind a Context ID that one QUIC DATAGRAM frame carries now; 0 when none does.</summary>
    /// <param name="contextId">The context.</param>
    public int MaxPayload(ulong contextId) => Math.Max(0, Stream.MaxDatagramPayload - VarInt.Length(contextId));

    /// <summary>The header of a context's datagrams on this stream; made once, used for every packet.</summary>
    public HttpDatagramWriter DatagramHeader(ulong contextId) => new(Stream.Id, contextId);

    /// <summary>The bytes that <see cref="Transmit"/> puts in front of the next payload when no acknowledgement rides along.</summary>
    public int MeasureHeader(in HttpDatagramWriter header) => Stream.MeasureDatagramHeader(header);

    /// <summary>Sends a datagram around a payload that lies in the buffer already.</summary>
    /// <param name="now">The time.</param>
    /// <param name="header">What <see cref="DatagramHeader"/> made for the payload's context.</param>
    /// <param name="buffer">Headroom, payload, and room for the tag behind it.</param>
    /// <param name="payloadOffset">Where the payload begins.</param>
    /// <param name="payloadLength">Its length in bytes.</param>
    /// <param name="packet">Where the packet to be sent lies in the buffer, where it goes, and its mark; unchanged when it is not sent.</param>
    /// <returns><see cref="DatagramStatus.TooLarge"/> leaves the payload as it was, to be sent by <see cref="ConnectIpSession.TrySendDatagramCapsule"/> or answered by ICMP.</returns>
    public DatagramStatus Transmit(
        Instant now, in HttpDatagramWriter header, Span<byte> buffer, int payloadOffset, int payloadLength, ref PacketSlot packet) =>
        Stream.TransmitDatagram(now, header, buffer, payloadOffset, payloadLength, ref packet);

    /// <summary>Asks what <see cref="Transmit"/> would answer, for a caller that must know before the payload is made.</summary>
    /// <param name="now">The time.</param>
    /// <param name="header">What <see cref="DatagramHeader"/> made for the payload's context.</param>
    /// <param name="payloadLength">The payload's length in bytes.</param>
    public DatagramStatus Probe(Instant now, in HttpDatagramWriter header, int payloadLength) => Stream.ProbeDatagram(now, header, payloadLength);

    /// <summary>Queues a copy of a datagram, by DATAGRAM frame if one carries it and else by capsule; for packets that are rare, and tests.</summary>
    /// <param name="contextId">The context.</param>
    /// <param name="payload">What follows the Context ID.</param>
    /// <returns>False when it was dropped.</returns>
    public bool TryQueue(ulong contextId, ReadOnlySpan<byte> payload)
    {
        if (!IsOpen) return false;
        if (payload.Length > MaxPayload(contextId))
        {
            bool queued = Session.TrySendDatagramCapsule(contextId, payload);
            Flush();
            return queued;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(VarInt.MaxLength + payload.Length);
        int length = VarInt.Write(rented, contextId);
        payload.CopyTo(rented.AsSpan(length));
        bool taken = Stream.TryQueueDatagram(rented.AsSpan(0, length + payload.Length));
        ArrayPool<byte>.Shared.Return(rented);
        return taken;
    }

    /// <summary>Follows an event of the stream.</summary>
    public void OnEvent(in Http3Event ev)
    {
        switch (ev.Kind)
        {
            case Http3EventKind.DataReceived:
                Receive();
                break;
            case Http3EventKind.Writable:
                Flush();
                break;
            case Http3EventKind.StreamReset or Http3EventKind.StreamStopped:
                // RFC 9484 §4.5: the tunnel lives as long as the stream, both ways.
                Stream.Abort(Http3ErrorCode.NoError);
                IsOpen = false;
                break;
            case Http3EventKind.StreamFailed or Http3EventKind.Closed:
                IsOpen = false;
                break;
        }
    }

    /// <summary>Writes the session's capsules to the stream; called by whoever made the session queue one.</summary>
    public void Flush()
    {
        while (!Stream.IsSendClosed && !Session.Pending.IsEmpty)
        {
            int taken = Stream.Write(Session.Pending, fin: false);
            if (taken == 0) break;
            Session.Advance(taken);
        }

        if (Session.Failure is { } failure && !Stream.IsClosed)
        {
            Stream.Abort(failure);
            IsOpen = false;
        }
    }

    /// <summary>Ends the tunnel in good order; capsules that the stream has not taken are lost.</summary>
    public void Close()
    {
        IsOpen = false;
        Stream.DatagramHandler = null;
        if (Session.Pending.IsEmpty) Stream.Write([], fin: true);
        Stream.Abort(Http3ErrorCode.NoError);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsOpen = false;
        Session.Dispose();
        Stream.Dispose();
    }

    void IHttpDatagramHandler.OnHttpDatagram(Http3Stream stream, Span<byte> payload) => Session.ReceiveDatagram(payload);

    /// <summary>Lets packets pass: the request was accepted.</summary>
    internal void Open()
    {
        IsOpen = true;
        Receive(); // capsules first: they say what to do with datagrams that came early
        if (IsOpen) Stream.DatagramHandler = this;
    }

    private void Receive()
    {
        if (_receives) return; // a handler of the session made us flush, and with it look here again
        _receives = true;
        byte[] rented = ArrayPool<byte>.Shared.Rent(ReadSize);
        bool fin = false;
        while (!fin)
        {
            int read = Stream.Read(rented.AsSpan(0, ReadSize), out fin);
            if (read == 0 && !fin) break;
            if (!Session.ReceiveStream(rented.AsSpan(0, read), fin)) break;
        }

        ArrayPool<byte>.Shared.Return(rented);
        _receives = false;
        Flush();
        if (Session.IsEnded) Close();
    }
}
