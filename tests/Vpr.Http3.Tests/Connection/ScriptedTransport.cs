using Vpr.Io;
using Vpr.Quic;

namespace Vpr.Http3.Tests;

/// <summary>A transport in memory: either a test plays the peer, octet by octet, or another one is its peer.</summary>
internal sealed class ScriptedTransport(bool isServer) : IHttp3Transport
{
    private readonly Queue<ConnectionEvent> _events = new();
    private readonly Dictionary<ulong, Incoming> _incoming = [];
    private readonly Dictionary<ulong, ulong> _opened = [];
    private readonly HashSet<ulong> _blocked = [];
    private ScriptedTransport? _peer;
    private Http3Connection? _connection;

    public int MaxDatagramPayload { get; set; } = 1200;

    /// <summary>Bytes that each write takes at most.</summary>
    public int WriteLimit { get; set; } = int.MaxValue;

    /// <summary>Bytes that each read gives at most.</summary>
    public int ReadLimit { get; set; } = int.MaxValue;

    public int StreamLimit { get; set; } = int.MaxValue;

    public Http3ErrorCode? ClosedWith { get; private set; }

    public Dictionary<ulong, MemoryStream> Sent { get; } = [];

    public HashSet<ulong> Ended { get; } = [];

    public Dictionary<ulong, Http3ErrorCode> ResetWith { get; } = [];

    public Dictionary<ulong, Http3ErrorCode> StoppedWith { get; } = [];

    public List<byte[]> Datagrams { get; } = [];

    public static (ScriptedTransport Client, ScriptedTransport Server) Pair()
    {
        ScriptedTransport client = new(false);
        ScriptedTransport server = new(true) { _peer = client };
        client._peer = server;
        client.Tell(new ConnectionEvent(ConnectionEventKind.HandshakeCompleted));
        server.Tell(new ConnectionEvent(ConnectionEventKind.HandshakeCompleted));
        return (client, server);
    }

    public void Tell(ConnectionEvent ev) => _events.Enqueue(ev);

    /// <summary>What the peer sends.</summary>
    public void Arrive(ulong stream, ReadOnlySpan<byte> bytes, bool fin = false)
    {
        if (!_incoming.TryGetValue(stream, out Incoming? incoming))
        {
            _incoming.Add(stream, incoming = new Incoming());
            if (!_opened.ContainsKey(stream)) Tell(new ConnectionEvent(ConnectionEventKind.StreamOpened, new StreamId(stream)));
        }

        incoming.Bytes.AddRange(bytes);
        incoming.Fin |= fin;
        if (!incoming.Empty) return;
        incoming.Empty = false;
        Tell(new ConnectionEvent(ConnectionEventKind.StreamReadable, new StreamId(stream)));
    }

    public void ArriveReset(ulong stream, Http3ErrorCode code) =>
        Tell(new ConnectionEvent(ConnectionEventKind.StreamReset, new StreamId(stream), (ulong)code));

    public void ArriveStop(ulong stream, Http3ErrorCode code) =>
        Tell(new ConnectionEvent(ConnectionEventKind.StreamStopped, new StreamId(stream), (ulong)code));

    /// <summary>Lets blocked writers go on.</summary>
    public void Unblock()
    {
        foreach (ulong stream in _blocked) Tell(new ConnectionEvent(ConnectionEventKind.StreamWritable, new StreamId(stream)));
        _blocked.Clear();
    }

    public void Attach(Http3Connection? connection) => _connection = connection;

    public bool TryTakeEvent(out ConnectionEvent ev) => _events.TryDequeue(out ev);

    public bool TryOpenStream(StreamDirection direction, out StreamId stream)
    {
        ulong ordinal = (ulong)_opened.Keys.Count(id => new StreamId(id).Direction == direction);
        stream = StreamId.Create(ordinal, direction, !isServer);
        if (direction == StreamDirection.Bidirectional && ordinal >= (ulong)StreamLimit) return false;
        _opened.Add(stream.Value, 0);
        Sent.Add(stream.Value, new MemoryStream());
        return true;
    }

    public int Write(StreamId stream, ReadOnlySpan<byte> data, bool fin)
    {
        Assert.DoesNotContain(stream.Value, Ended);
        int taken = Math.Min(data.Length, WriteLimit);
        if (!Sent.TryGetValue(stream.Value, out MemoryStream? sent)) Sent.Add(stream.Value, sent = new MemoryStream());
        sent.Write(data[..taken]);
        bool ended = fin && taken == data.Length;
        if (ended) Ended.Add(stream.Value);
        if (taken < data.Length) _blocked.Add(stream.Value);
        if (taken > 0 || ended) _peer?.Arrive(stream.Value, data[..taken], ended);
        return taken;
    }

    public int Read(StreamId stream, Span<byte> destination, out bool fin)
    {
        fin = false;
        if (!_incoming.TryGetValue(stream.Value, out Incoming? incoming)) return 0;
        int count = Math.Min(Math.Min(destination.Length, incoming.Bytes.Count), ReadLimit);
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(incoming.Bytes)[..count].CopyTo(destination);
        incoming.Bytes.RemoveRange(0, count);
        fin = incoming.Fin && incoming.Bytes.Count == 0;
        if (count == 0 && !fin) incoming.Empty = true;
        return count;
    }

    public void Reset(StreamId stream, ulong applicationErrorCode)
    {
        ResetWith[stream.Value] = (Http3ErrorCode)applicationErrorCode;
        _peer?.ArriveReset(stream.Value, (Http3ErrorCode)applicationErrorCode);
    }

    public void StopSending(StreamId stream, ulong applicationErrorCode)
    {
        StoppedWith[stream.Value] = (Http3ErrorCode)applicationErrorCode;
        _peer?.ArriveStop(stream.Value, (Http3ErrorCode)applicationErrorCode);
    }

    public bool TryQueueDatagram(ReadOnlySpan<byte> payload)
    {
        Datagrams.Add(payload.ToArray());
        _peer?._connection?.OnDatagram(payload.ToArray());
        return true;
    }

    public int MeasureDatagramHeader() => 0;

    public DatagramStatus TransmitDatagram(Instant now, Span<byte> buffer, int payloadOffset, int payloadLength, ref PacketSlot packet)
    {
        packet.Offset = payloadOffset;
        packet.Length = payloadLength;
        if (payloadLength > MaxDatagramPayload) return DatagramStatus.TooLarge;
        TryQueueDatagram(buffer.Slice(payloadOffset, payloadLength));
        return DatagramStatus.Sent;
    }

    public DatagramStatus ProbeDatagram(Instant now, int payloadLength) => payloadLength > MaxDatagramPayload ? DatagramStatus.TooLarge : DatagramStatus.Sent;

    public void Close(ulong applicationErrorCode, ReadOnlySpan<byte> reason)
    {
        ClosedWith ??= (Http3ErrorCode)applicationErrorCode;
        Tell(new ConnectionEvent(ConnectionEventKind.Closed, default, applicationErrorCode, CloseSource.LocalApplication));
        _peer?.Tell(new ConnectionEvent(ConnectionEventKind.Closed, default, applicationErrorCode, CloseSource.PeerApplication));
    }

    private sealed class Incoming
    {
        public List<byte> Bytes { get; } = [];

        public bool Fin { get; set; }

        public bool Empty { get; set; } = true;
    }
}
