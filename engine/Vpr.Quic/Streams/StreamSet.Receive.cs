using Vpr.Wire;

namespace Vpr.Quic.Streams;

/// <content>Frames from the peer: RFC 9000 §19.4, §19.5 and §19.8 to §19.14.</content>
internal sealed partial class StreamSet
{
    /// <summary>STREAM.</summary>
    public TransportErrorCode OnStream(StreamId id, ulong offset, ReadOnlySpan<byte> data, bool fin)
    {
        // RFC 9000 §19.8: the largest offset is 2^62-1.
        if (offset > VarInt.Max - (ulong)data.Length) return TransportErrorCode.FrameEncodingError;
        TransportErrorCode error = Find(id, receiving: true, out QuicStream? stream);
        if (stream is null) return error;
        error = stream.Receive.Receive(offset, data, fin, ref _window);
        if (error != TransportErrorCode.NoError) return error;
        if (stream.Receive.IsReadable && stream.Receive.IsReaderWaiting)
        {
            stream.Receive.IsReaderWaiting = false;
            Tell(stream, StreamNews.Readable);
        }

        CheckConnectionWindow();
        ReleaseIfOver(stream);
        return TransportErrorCode.NoError;
    }

    /// <summary>RESET_STREAM.</summary>
    public TransportErrorCode OnResetStream(StreamId id, ulong code, ulong finalSize)
    {
        TransportErrorCode error = Find(id, receiving: true, out QuicStream? stream);
        if (stream is null) return error;
        error = stream.Receive.Reset(code, finalSize, ref _window, out bool isNews);
        if (error != TransportErrorCode.NoError) return error;
        if (isNews)
        {
            stream.News &= ~StreamNews.Readable;
            stream.Control &= ~(StreamControl.MaxData | StreamControl.StopSending);
            Tell(stream, StreamNews.Reset);
        }

        CheckConnectionWindow();
        ReleaseIfOver(stream);
        return TransportErrorCode.NoError;
    }

    /// <summary>STOP_SENDING: the stream is reset with the peer's code, as RFC 9000 §3.5 asks.</summary>
    public TransportErrorCode OnStopSending(StreamId id, ulong code)
    {
        TransportErrorCode error = Find(id, receiving: false, out QuicStream? stream);
        if (stream is null) return error;
        if (stream.Send.State is not (SendStreamState.Send or SendStreamState.DataSent)) return TransportErrorCode.NoError;
        Reset(id, code);
        stream.News &= ~StreamNews.Writable;
        Tell(stream, StreamNews.Stopped);
        return TransportErrorCode.NoError;
    }

    /// <summary>MAX_DATA.</summary>
    public void OnMaxData(ulong limit) => _credit.Raise(limit);

    /// <summary>MAX_STREAM_DATA.</summary>
    public TransportErrorCode OnMaxStreamData(StreamId id, ulong limit)
    {
        TransportErrorCode error = Find(id, receiving: false, out QuicStream? stream);
        if (stream is null) return error;
        if (stream.Send.RaiseLimit(limit)) Schedule(stream);
        return TransportErrorCode.NoError;
    }

    /// <summary>MAX_STREAMS; the limit is at most 2^60, which the frame's parser has checked.</summary>
    public void OnMaxStreams(StreamDirection direction, ulong limit)
    {
        OpenedStreams ours = _ours[(int)direction];
        if (limit <= ours.Limit) return;
        ours.Limit = limit;
        ours.IsAvailableNews |= ours.IsOpenerWaiting;
        ours.IsOpenerWaiting = false;
    }

    /// <summary>STREAM_DATA_BLOCKED: nothing but the stream's existence is checked, since the window opens as data is read.</summary>
    public TransportErrorCode OnStreamDataBlocked(StreamId id) => Find(id, receiving: true, out _);

    /// <summary>Finds the stream that a frame is about, opening those of the peer up to it.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="receiving">Whether the frame concerns the part that receives here.</param>
    /// <param name="stream">The stream; null when the frame is an error, or about a stream that is over.</param>
    private TransportErrorCode Find(StreamId id, bool receiving, out QuicStream? stream)
    {
        stream = null;
        bool ours = IsOurs(id);
        // RFC 9000 §19.4 to §19.10: a one-way stream has one part only.
        if (id.Direction == StreamDirection.Unidirectional && ours == receiving) return TransportErrorCode.StreamStateError;
        if (_streams.TryGetValue(id.Value, out stream) || IsKnown(id)) return TransportErrorCode.NoError;
        // RFC 9000 §19.8: the peer cannot open our streams.
        if (ours) return TransportErrorCode.StreamStateError;

        AcceptedStreams theirs = _theirs[(int)id.Direction];
        if (id.Ordinal >= theirs.Limit) return TransportErrorCode.StreamLimitError;
        // RFC 9000 §3.2: opening a stream opens all lower ones of its kind.
        while (theirs.Next <= id.Ordinal)
        {
            stream = Create(StreamId.Create(theirs.Next++, id.Direction, !_isClient));
            Tell(stream, StreamNews.Opened);
        }

        return TransportErrorCode.NoError;
    }
}
