using System.Numerics;
using Vpr.Quic.Recovery;
using Vpr.Wire;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Streams;

/// <content>Frames to the peer, and what became of them: RFC 9000 §13.3.</content>
internal sealed partial class StreamSet
{
    /// <summary>The longest control frame: type, stream, code and final size.</summary>
    private const int MaxControlFrameLength = 1 + 3 * VarInt.MaxLength;

    /// <summary>The shortest stretch of data worth a STREAM frame's header, unless it is all there is.</summary>
    private const int MinStreamData = 32;

    /// <summary>Room that is worth waking a writer for: less would wake it for every packet, much more would let the buffer run dry on a long path.</summary>
    private const int WakeRoom = 64 << 10;

    /// <summary>Whether <see cref="WriteFrames"/> would write anything.</summary>
    public bool WantsToSend =>
        _pending != ConnectionControl.None || !_control.IsEmpty || !_resend.IsEmpty || !_data.IsEmpty && _credit.Available > 0;

    /// <summary>Writes as many frames as fit, control frames first, then lost data, then new data in turn.</summary>
    /// <param name="destination">The rest of a packet's payload.</param>
    /// <param name="record">Where the packet's frames are remembered.</param>
    /// <returns>Bytes written; 0 when nothing waits or nothing fits.</returns>
    public int WriteFrames(Span<byte> destination, SentPacketRing record)
    {
        int length = 0;
        while (destination.Length - length >= MaxControlFrameLength && TryTakeControl(out SentFrame frame))
        {
            length += WriteControl(destination[length..], frame);
            record.Record(frame);
        }

        length += WriteStreams(_resend, destination[length..], record);
        if (_credit.Available > 0) length += WriteStreams(_data, destination[length..], record);
        if (!_data.IsEmpty && _credit.TellBlocked()) _pending |= ConnectionControl.DataBlocked;
        return length;
    }

    /// <summary>A frame is acknowledged; kinds that are not about streams are left alone.</summary>
    public void OnFrameAcknowledged(in SentFrame frame)
    {
        if (frame.Kind is not (SentFrameKind.Stream or SentFrameKind.ResetStream)) return;
        if (!_streams.TryGetValue(frame.Id, out QuicStream? stream)) return;
        if (frame.Kind == SentFrameKind.ResetStream) stream.Send.OnResetAcknowledged();
        else OnDataAcknowledged(stream, frame);
        ReleaseIfOver(stream);
    }

    /// <summary>A frame is to be sent again if what it says still holds; kinds that are not about streams are left alone.</summary>
    public void OnFrameLost(in SentFrame frame)
    {
        switch (frame.Kind)
        {
            // RFC 9000 §13.3: of limits the newest is sent, and only if no newer one is on its way.
            case SentFrameKind.MaxData when frame.Offset == _window.Limit: _pending |= ConnectionControl.MaxData; return;
            case SentFrameKind.MaxStreams when frame.Offset == _theirs[(int)frame.Id].Limit: _pending |= MaxStreamsControl((int)frame.Id); return;
            case SentFrameKind.DataBlocked when frame.Offset == _credit.Limit && _credit.Available == 0: _pending |= ConnectionControl.DataBlocked; return;
            case SentFrameKind.StreamsBlocked when frame.Offset == _ours[(int)frame.Id].Limit: _pending |= StreamsBlockedControl((int)frame.Id); return;
        }

        if (!_streams.TryGetValue(frame.Id, out QuicStream? stream)) return;
        switch (frame.Kind)
        {
            case SentFrameKind.Stream:
                stream.Send.OnLost(frame.Offset, frame.Length, frame.Fin);
                Schedule(stream);
                break;
            case SentFrameKind.ResetStream when stream.Send.State == SendStreamState.ResetSent:
                RequestControl(stream, StreamControl.Reset);
                break;
            case SentFrameKind.StopSending when stream.Receive.State == ReceiveStreamState.Receive:
                RequestControl(stream, StreamControl.StopSending);
                break;
            case SentFrameKind.MaxStreamData when frame.Offset == stream.Receive.Limit && stream.Receive.State == ReceiveStreamState.Receive:
                RequestControl(stream, StreamControl.MaxData);
                break;
            case SentFrameKind.StreamDataBlocked when frame.Offset == stream.Send.Limit && !stream.Send.HasCreditedWork && stream.Send.Buffer.HasNewData:
                RequestControl(stream, StreamControl.DataBlocked);
                break;
        }
    }

    private void OnDataAcknowledged(QuicStream stream, in SentFrame frame)
    {
        stream.Send.OnAcknowledged(frame.Offset, frame.Length, frame.Fin);
        if (!stream.Send.IsWriterWaiting || _sendBufferLimit - stream.Send.Buffer.Buffered < Math.Min(WakeRoom, _sendBufferLimit / 2)) return;
        if (stream.Send.State != SendStreamState.Send) return;
        stream.Send.IsWriterWaiting = false;
        Tell(stream, StreamNews.Writable);
    }

    private int WriteStreams(StreamQueue queue, Span<byte> destination, SentPacketRing record)
    {
        int length = 0;
        while (queue.First is { } stream)
        {
            int written = WriteStream(stream, destination[length..], record);
            length += written;
            bool more = queue == _resend ? stream.Send.HasUncreditedWork : stream.Send.HasCreditedWork;
            if (!more)
            {
                queue.Remove(stream);
                Schedule(stream);
            }
            else if (written == 0)
            {
                // The packet is full, or the credit used up: the next packet begins with another stream.
                queue.Rotate();
                break;
            }
        }

        return length;
    }

    /// <summary>Writes one STREAM frame with offset and length, as much as fits.</summary>
    private int WriteStream(QuicStream stream, Span<byte> destination, SentPacketRing record)
    {
        SendBuffer buffer = stream.Send.Buffer;
        // Lost data lies below what was sent; the offset's encoding is never longer than that of the end.
        int header = 1 + VarInt.Length(stream.Id.Value) + VarInt.Length(buffer.Written) + 2;
        int room = destination.Length - header;
        if (room < 0 || room < MinStreamData && room < (int)Math.Min(MinStreamData, buffer.Written - buffer.Base)) return 0;
        room = Math.Min(room, 0x3FFF);
        if (!stream.Send.TryTake(room, _credit.Available, out ulong offset, out int length, out bool fin, out int newBytes)) return 0;
        _credit.Use(newBytes);

        // RFC 9000 §19.8: type 0b00001XXX with OFF, LEN, FIN. Written by hand because the data lies in pieces.
        destination[0] = (byte)(0x08 | 0x04 | 0x02 | (fin ? 1 : 0));
        int written = 1;
        written += VarInt.Write(destination[written..], stream.Id.Value);
        written += VarInt.Write(destination[written..], offset);
        written += VarInt.Write(destination[written..], (ulong)length);
        buffer.CopyTo(offset, destination.Slice(written, length));
        record.Record(SentFrame.Stream(stream.Id, offset, length, fin));
        return written + length;
    }

    private bool TryTakeControl(out SentFrame frame)
    {
        while (_pending != ConnectionControl.None)
        {
            ConnectionControl next = (ConnectionControl)(1 << BitOperations.TrailingZeroCount((uint)_pending));
            _pending &= ~next;
            if (TryTakeConnectionControl(next, out frame)) return true;
        }

        while (_control.First is { } stream)
        {
            StreamControl next = (StreamControl)(1 << BitOperations.TrailingZeroCount((uint)stream.Control));
            stream.Control &= ~next;
            if (stream.Control == StreamControl.None) _control.Remove(stream);
            if (TryTakeStreamControl(stream, next, out frame)) return true;
        }

        frame = default;
        return false;
    }

    private bool TryTakeConnectionControl(ConnectionControl control, out SentFrame frame)
    {
        switch (control)
        {
            case ConnectionControl.MaxData:
                _window.Update(_now, _roundTrip);
                frame = SentFrame.Other(SentFrameKind.MaxData, value: _window.Limit);
                return true;
            case ConnectionControl.MaxStreamsBidi or ConnectionControl.MaxStreamsUni:
                int theirs = control == ConnectionControl.MaxStreamsBidi ? 0 : 1;
                _theirs[theirs].Update();
                frame = SentFrame.Other(SentFrameKind.MaxStreams, (ulong)theirs, _theirs[theirs].Limit);
                return true;
            case ConnectionControl.StreamsBlockedBidi or ConnectionControl.StreamsBlockedUni:
                int ours = control == ConnectionControl.StreamsBlockedBidi ? 0 : 1;
                frame = SentFrame.Other(SentFrameKind.StreamsBlocked, (ulong)ours, _ours[ours].Limit);
                return _ours[ours].Next >= _ours[ours].Limit;
            default:
                frame = SentFrame.Other(SentFrameKind.DataBlocked, value: _credit.Limit);
                return _credit.Available == 0;
        }
    }

    private bool TryTakeStreamControl(QuicStream stream, StreamControl control, out SentFrame frame)
    {
        switch (control)
        {
            case StreamControl.Reset:
                frame = SentFrame.Other(SentFrameKind.ResetStream, stream.Id.Value, stream.Send.FinalSize);
                return stream.Send.State == SendStreamState.ResetSent;
            case StreamControl.StopSending:
                frame = SentFrame.Other(SentFrameKind.StopSending, stream.Id.Value);
                return stream.Receive.State is ReceiveStreamState.Receive or ReceiveStreamState.SizeKnown;
            case StreamControl.MaxData:
                stream.Receive.UpdateWindow(_now, _roundTrip);
                frame = SentFrame.Other(SentFrameKind.MaxStreamData, stream.Id.Value, stream.Receive.Limit);
                return stream.Receive.State == ReceiveStreamState.Receive;
            case StreamControl.DataBlocked:
                frame = SentFrame.Other(SentFrameKind.StreamDataBlocked, stream.Id.Value, stream.Send.Limit);
                return !stream.Send.HasCreditedWork;
            default:
                frame = default;
                return false;
        }
    }

    private int WriteControl(Span<byte> destination, in SentFrame frame)
    {
        ulong id = frame.Id;
        ulong value = frame.Offset;
        // For MAX_STREAMS and STREAMS_BLOCKED the id is the direction.
        bool oneWay = id == (ulong)StreamDirection.Unidirectional;
        return frame.Kind switch
        {
            SentFrameKind.ResetStream => new ResetStreamFrame(id, _streams[id].Send.ResetCode, value).Write(destination),
            SentFrameKind.StopSending => new StopSendingFrame(id, _streams[id].Receive.StopCode).Write(destination),
            SentFrameKind.MaxStreamData => new MaxStreamDataFrame(id, value).Write(destination),
            SentFrameKind.StreamDataBlocked => new StreamDataBlockedFrame(id, value).Write(destination),
            SentFrameKind.MaxStreams => new MaxStreamsFrame(oneWay, value).Write(destination),
            SentFrameKind.StreamsBlocked => new StreamsBlockedFrame(oneWay, value).Write(destination),
            SentFrameKind.MaxData => new MaxDataFrame(value).Write(destination),
            _ => new DataBlockedFrame(value).Write(destination),
        };
    }

    private static ConnectionControl MaxStreamsControl(int direction) =>
        direction == 0 ? ConnectionControl.MaxStreamsBidi : ConnectionControl.MaxStreamsUni;

    private static ConnectionControl StreamsBlockedControl(int direction) =>
        direction == 0 ? ConnectionControl.StreamsBlockedBidi : ConnectionControl.StreamsBlockedUni;
}
