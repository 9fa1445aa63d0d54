using System.Numerics;
using Vpr.Io;

namespace Vpr.Quic.Streams;

/// <summary>All streams of a connection, with both levels of flow control and the limits on how many there are.</summary>
/// <remarks>
/// RFC 9000 §2 to §4. Frames come in by the <c>On…</c> methods, which return what the connection is to be closed with; frames go out
/// by <see cref="WriteFrames"/>, round robin over the streams that have something to say. Streams and their memory are reused, so
/// that a connection in its steady state allocates nothing.
/// </remarks>
internal sealed partial class StreamSet
{
    /// <summary>How far a stream's or the connection's receive window may grow beyond its initial size.</summary>
    private const ulong WindowGrowth = 4;

    private readonly bool _isClient;
    private readonly StreamLimits _local;
    private readonly int _sendBufferLimit;
    private readonly ChunkPool _pool;
    private readonly Dictionary<ulong, QuicStream> _streams = new();
    private readonly Stack<QuicStream> _unused = new();
    private readonly StreamQueue _news = new(StreamTurn.News);
    private readonly StreamQueue _control = new(StreamTurn.Control);
    private readonly StreamQueue _resend = new(StreamTurn.Resend);
    private readonly StreamQueue _data = new(StreamTurn.Data);
    private readonly OpenedStreams[] _ours = [new(), new()];
    private readonly AcceptedStreams[] _theirs;
    private StreamLimits _peer;
    private SendCredit _credit;
    private ReceiveWindow _window;
    private ConnectionControl _pending;
    private Instant _now;
    private TimeSpan _roundTrip = Recovery.RttEstimator.InitialRtt;

    /// <summary>Begins without a stream; the peer's limits follow by <see cref="SetPeerLimits"/>.</summary>
    /// <param name="isClient">Which end this is.</param>
    /// <param name="local">What we declare in our transport parameters.</param>
    /// <param name="sendBufferLimit">Bytes that one stream keeps for us before a write is cut short, 1 or more.</param>
    /// <param name="pool">Where memory comes from; may be shared by all connections of a loop.</param>
    public StreamSet(bool isClient, in StreamLimits local, int sendBufferLimit, ChunkPool pool)
    {
        _isClient = isClient;
        _local = local;
        _sendBufferLimit = sendBufferLimit;
        _pool = pool;
        _window = new ReceiveWindow(local.MaxData, local.MaxData * WindowGrowth);
        _theirs = [new(local.MaxStreamsBidi), new(local.MaxStreamsUni)];
    }

    /// <summary>How many streams are open, or not yet forgotten.</summary>
    public int Count => _streams.Count;

    /// <summary>Whether <see cref="TryTakeEvent"/> may have something to tell.</summary>
    public bool HasEvents => !_news.IsEmpty || _ours[0].IsAvailableNews || _ours[1].IsAvailableNews;

    /// <summary>The time and the smoothed round-trip time, for the tuning of windows; told whenever the connection is entered.</summary>
    public void SetClock(Instant now, TimeSpan smoothedRtt)
    {
        _now = now;
        _roundTrip = smoothedRtt;
    }

    /// <summary>The peer's transport parameters arrived: streams may be opened and data sent as they allow.</summary>
    public void SetPeerLimits(in StreamLimits peer)
    {
        _peer = peer;
        _credit.Raise(peer.MaxData);
        OnMaxStreams(StreamDirection.Bidirectional, peer.MaxStreamsBidi);
        OnMaxStreams(StreamDirection.Unidirectional, peer.MaxStreamsUni);
    }

    /// <summary>Opens a stream of ours.</summary>
    /// <returns>False when the peer allows no more for now; <see cref="ConnectionEventKind.StreamsAvailable"/> follows when it does.</returns>
    public bool TryOpen(StreamDirection direction, out StreamId id)
    {
        OpenedStreams ours = _ours[(int)direction];
        id = default;
        if (ours.Next >= ours.Limit)
        {
            ours.IsOpenerWaiting = true;
            // RFC 9000 §4.6: the peer is told once for each limit.
            if (ours.BlockedToldAt != ours.Limit)
            {
                ours.BlockedToldAt = ours.Limit;
                _pending |= direction == StreamDirection.Bidirectional ? ConnectionControl.StreamsBlockedBidi : ConnectionControl.StreamsBlockedUni;
            }

            return false;
        }

        id = StreamId.Create(ours.Next++, direction, _isClient);
        Create(id);
        return true;
    }

    /// <summary>Adds data, and perhaps the end, to a stream.</summary>
    /// <returns>Bytes accepted; <paramref name="fin"/> counts only when all were. 0 for a stream that is over or was reset.</returns>
    public int Write(StreamId id, ReadOnlySpan<byte> data, bool fin)
    {
        if (!TryGetSend(id, out QuicStream? stream) || stream.Send.State != SendStreamState.Send || stream.Send.Buffer.IsFinished) return 0;
        SendBuffer buffer = stream.Send.Buffer;
        int accepted = Math.Min(data.Length, Math.Max(0, _sendBufferLimit - buffer.Buffered));
        buffer.Write(data[..accepted]);
        if (accepted < data.Length) stream.Send.IsWriterWaiting = true;
        else if (fin) buffer.Finish();
        Schedule(stream);
        return accepted;
    }

    /// <summary>Reads from a stream in order.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="fin">Whether everything was read to the end; also for a stream that is over.</param>
    /// <returns>Bytes read; 0 when there is nothing yet.</returns>
    public int Read(StreamId id, Span<byte> destination, out bool fin)
    {
        fin = false;
        if (!_streams.TryGetValue(id.Value, out QuicStream? stream) || !stream.HasReceive)
        {
            fin = IsKnown(id);
            return 0;
        }

        int count = stream.Receive.Read(destination, out fin, ref _window);
        if (!stream.Receive.IsReadable)
        {
            stream.Receive.IsReaderWaiting = true;
            stream.News &= ~StreamNews.Readable;
        }

        if (stream.Receive.WantsWindowUpdate) RequestControl(stream, StreamControl.MaxData);
        CheckConnectionWindow();
        ReleaseIfOver(stream);
        return count;
    }

    /// <summary>Abandons the sending part of a stream; nothing happens when that is over.</summary>
    public void Reset(StreamId id, ulong code)
    {
        if (!TryGetSend(id, out QuicStream? stream) || !stream.Send.Reset(code)) return;
        _resend.Remove(stream);
        _data.Remove(stream);
        stream.Control &= ~StreamControl.DataBlocked;
        RequestControl(stream, StreamControl.Reset);
    }

    /// <summary>Wants no more of the receiving part of a stream; nothing happens when that is over.</summary>
    public void StopSending(StreamId id, ulong code)
    {
        if (!_streams.TryGetValue(id.Value, out QuicStream? stream) || !stream.HasReceive) return;
        if (stream.Receive.Stop(code, ref _window)) RequestControl(stream, StreamControl.StopSending);
        stream.News &= ~(StreamNews.Readable | StreamNews.Reset);
        CheckConnectionWindow();
        ReleaseIfOver(stream);
    }

    /// <summary>Takes the next thing to tell the application.</summary>
    public bool TryTakeEvent(out ConnectionEvent ev)
    {
        for (int direction = 0; direction < 2; direction++)
        {
            if (!_ours[direction].IsAvailableNews) continue;
            _ours[direction].IsAvailableNews = false;
            ev = new ConnectionEvent(ConnectionEventKind.StreamsAvailable);
            return true;
        }

        while (_news.First is { } stream)
        {
            if (stream.News == StreamNews.None)
            {
                _news.Remove(stream);
                continue;
            }

            StreamNews news = (StreamNews)(1 << BitOperations.TrailingZeroCount((uint)stream.News));
            stream.News &= ~news;
            ev = news switch
            {
                StreamNews.Opened => new(ConnectionEventKind.StreamOpened, stream.Id),
                StreamNews.Readable => new(ConnectionEventKind.StreamReadable, stream.Id),
                StreamNews.Reset => new(ConnectionEventKind.StreamReset, stream.Id, stream.Receive.ResetCode),
                StreamNews.Stopped => new(ConnectionEventKind.StreamStopped, stream.Id, stream.Send.ResetCode),
                _ => new(ConnectionEventKind.StreamWritable, stream.Id),
            };
            if (news == StreamNews.Reset) stream.Receive.OnResetRead();
            ReleaseIfOver(stream);
            return true;
        }

        ev = default;
        return false;
    }

    /// <summary>Gives back all memory, when the connection is over.</summary>
    public void Clear()
    {
        foreach (QuicStream stream in _streams.Values)
        {
            stream.Close();
            Dequeue(stream);
        }

        _streams.Clear();
    }

    private bool IsOurs(StreamId id) => id.IsClientInitiated == _isClient;

    /// <summary>Whether the stream was ever opened, by either end.</summary>
    private bool IsKnown(StreamId id) =>
        id.Ordinal < (IsOurs(id) ? _ours[(int)id.Direction].Next : _theirs[(int)id.Direction].Next);

    private bool TryGetSend(StreamId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out QuicStream? stream) =>
        _streams.TryGetValue(id.Value, out stream) && stream.HasSend;

    private ulong InitialSendLimit(StreamId id) =>
        id.Direction == StreamDirection.Unidirectional ? _peer.MaxStreamDataUni
        : IsOurs(id) ? _peer.MaxStreamDataBidiRemote
        : _peer.MaxStreamDataBidiLocal;

    private ulong InitialReceiveLimit(StreamId id) =>
        id.Direction == StreamDirection.Unidirectional ? _local.MaxStreamDataUni
        : IsOurs(id) ? _local.MaxStreamDataBidiLocal
        : _local.MaxStreamDataBidiRemote;

    private QuicStream Create(StreamId id)
    {
        if (!_unused.TryPop(out QuicStream? stream)) stream = new QuicStream(_pool);
        bool twoWay = id.Direction == StreamDirection.Bidirectional;
        stream.Open(id, hasSend: twoWay || IsOurs(id), hasReceive: twoWay || !IsOurs(id));
        ulong window = InitialReceiveLimit(id);
        stream.Send.Open(stream.HasSend ? InitialSendLimit(id) : 0);
        stream.Receive.Open(window, window * WindowGrowth);
        _streams.Add(id.Value, stream);
        return stream;
    }

    private void ReleaseIfOver(QuicStream stream)
    {
        if (!stream.IsOver) return;
        Dequeue(stream);
        _streams.Remove(stream.Id.Value);
        stream.Close();
        _unused.Push(stream);
        if (IsOurs(stream.Id)) return;

        // RFC 9000 §4.6: another stream may take its place; the peer is told when half of the limit is free.
        AcceptedStreams theirs = _theirs[(int)stream.Id.Direction];
        theirs.Closed++;
        if (theirs.WantsUpdate)
            _pending |= stream.Id.Direction == StreamDirection.Bidirectional ? ConnectionControl.MaxStreamsBidi : ConnectionControl.MaxStreamsUni;
    }

    private void Dequeue(QuicStream stream)
    {
        _news.Remove(stream);
        _control.Remove(stream);
        _resend.Remove(stream);
        _data.Remove(stream);
    }

    private void Tell(QuicStream stream, StreamNews news)
    {
        stream.News |= news;
        _news.Enqueue(stream);
    }

    private void RequestControl(QuicStream stream, StreamControl control)
    {
        stream.Control |= control;
        _control.Enqueue(stream);
    }

    /// <summary>Puts a stream in the queues that what it has to send belongs to.</summary>
    private void Schedule(QuicStream stream)
    {
        if (stream.Send.HasUncreditedWork) _resend.Enqueue(stream);
        if (stream.Send.HasCreditedWork) _data.Enqueue(stream);
        else if (stream.Send.TellBlocked()) RequestControl(stream, StreamControl.DataBlocked);
    }

    private void CheckConnectionWindow()
    {
        if (_window.WantsUpdate) _pending |= ConnectionControl.MaxData;
    }

    /// <summary>Control frames of the connection itself that wait to be sent.</summary>
    [Flags]
    private enum ConnectionControl : byte
    {
        None = 0,
        MaxData = 1,
        MaxStreamsBidi = 2,
        MaxStreamsUni = 4,
        DataBlocked = 8,
        StreamsBlockedBidi = 16,
        StreamsBlockedUni = 32,
    }

    /// <summary>The streams of one direction that we open.</summary>
    private sealed class OpenedStreams
    {
        public ulong Next;
        public ulong Limit;
        public ulong BlockedToldAt = ulong.MaxValue;
        public bool IsOpenerWaiting;
        public bool IsAvailableNews;
    }

    /// <summary>The streams of one direction that the peer opens.</summary>
    private sealed class AcceptedStreams(ulong atOnce)
    {
        private readonly ulong _atOnce = atOnce;
        public ulong Next;
        public ulong Limit = atOnce;
        public ulong Closed;

        public bool WantsUpdate => Limit - Closed <= _atOnce / 2;

        public void Update() => Limit = Math.Min(Closed + _atOnce, 1UL << 60);
    }
}
