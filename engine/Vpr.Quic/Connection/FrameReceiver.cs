using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Wire;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>Goes through the frames of one packet and hands each to its connection.</summary>
/// <remarks>RFC 9000 §12.4, §12.5, §19; draft-ietf-quic-ack-frequency §4, §5</remarks>
internal ref struct FrameReceiver : IQuicFrameVisitor
{
    // ACK_FREQUENCY, 0xaf, as a variable-length integer.
    private const ushort AckFrequencyType = 0x40af;

    private readonly QuicConnection _connection;
    private readonly PacketSpace _space;
    private readonly ref readonly ConnectionId _destination;
    private readonly ref readonly DatagramPath _path;
    private readonly int _datagramLength;
    private readonly bool _phaseBit;
    private TransportErrorCode _error;

    /// <summary>For one packet.</summary>
    /// <param name="connection">Whose frames they are.</param>
    /// <param name="space">The packet's space.</param>
    /// <param name="destination">A 1-RTT packet's Destination Connection ID.</param>
    /// <param name="phaseBit">Its Key Phase bit.</param>
    /// <param name="path">Where it came from.</param>
    /// <param name="datagramLength">Bytes of its datagram.</param>
    public FrameReceiver(
        QuicConnection connection, PacketSpace space, in ConnectionId destination, bool phaseBit, in DatagramPath path, int datagramLength)
    {
        _connection = connection;
        _space = space;
        _destination = ref destination;
        _phaseBit = phaseBit;
        _path = ref path;
        _datagramLength = datagramLength;
        IsProbing = true;
        HoldsDatagramsAlone = true;
    }

    /// <summary>Whether the packet must be acknowledged.</summary>
    public bool IsAckEliciting { get; private set; }

    /// <summary>Whether it holds probing frames alone; RFC 9000 §9.1.</summary>
    public bool IsProbing { get; private set; }

    /// <summary>Whether DATAGRAM frames are all that it holds beside ACK and PADDING.</summary>
    public bool HoldsDatagramsAlone { get; private set; }

    /// <summary>Whether the peer asks for an acknowledgement at once.</summary>
    public bool WantsAckNow { get; private set; }

    /// <summary>The type of the last frame looked at, for CONNECTION_CLOSE.</summary>
    public ulong FrameType { get; private set; }

    /// <summary>Handles all frames.</summary>
    /// <param name="payload">The packet's plain text.</param>
    /// <returns>The error to close with, or <see cref="TransportErrorCode.NoError"/>.</returns>
    public TransportErrorCode ReceiveAll(Span<byte> payload)
    {
        // §12.4: a packet without frames is an error.
        if (payload.IsEmpty) return TransportErrorCode.ProtocolViolation;
        bool isApplication = _space.Number == Recovery.PacketNumberSpace.Application;
        while (!payload.IsEmpty && !_connection.IsClosed)
        {
            byte type = payload[0];
            FrameType = type;
            if (type == 0x00)
            {
                payload = payload[PaddingFrame.RunLength(payload)..];
                continue;
            }

            // §12.4: types have their shortest encoding, and all that we know fit one byte, but for one.
            if (type >= 0x40)
            {
                if (!_connection.TakesAckFrequency || payload.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(payload) != AckFrequencyType)
                    return TransportErrorCode.FrameEncodingError;
                FrameType = 0xaf;
            }

            // §12.4, table 3: what Initial and Handshake packets may hold.
            if (!isApplication && type is not (0x01 or 0x02 or 0x03 or 0x06 or 0x1c)) return TransportErrorCode.ProtocolViolation;
            IsAckEliciting |= type is not (0x02 or 0x03 or 0x1c or 0x1d);
            IsProbing &= type is 0x18 or 0x1a or 0x1b;
            HoldsDatagramsAlone &= type is 0x02 or 0x03 or 0x30 or 0x31;

            int consumed;
            if ((type & 0xfe) == 0x30)
            {
                if (!DatagramFrame.TryParse(payload, out DatagramFrame datagram, out consumed)) return TransportErrorCode.FrameEncodingError;
                TransportErrorCode error = _connection.OnDatagram(payload.Slice(consumed - datagram.Data.Length, datagram.Data.Length), consumed);
                if (error != TransportErrorCode.NoError) return error;
            }
            else
            {
                WireStatus status = QuicFrame.Dispatch(payload, ref this, out consumed);
                if (status == WireStatus.Stopped) return _error;
                if (status != WireStatus.Done) return TransportErrorCode.FrameEncodingError;
            }

            payload = payload[consumed..];
        }

        return TransportErrorCode.NoError;
    }

    public bool Visit(in PaddingFrame frame) => true;

    public bool Visit(in PingFrame frame) => true;

    public bool Visit(in AckFrame frame) => Is(_connection.OnAck(_space, frame, _phaseBit));

    public bool Visit(in ResetStreamFrame frame) =>
        Is(_connection.StreamSet.OnResetStream(new StreamId(frame.StreamId), frame.ApplicationProtocolErrorCode, frame.FinalSize));

    public bool Visit(in StopSendingFrame frame) =>
        Is(_connection.StreamSet.OnStopSending(new StreamId(frame.StreamId), frame.ApplicationProtocolErrorCode));

    public bool Visit(in CryptoFrame frame) =>
        // §19.6: the largest offset is 2^62-1.
        Is(frame.Offset + (ulong)frame.Data.Length > VarInt.Max
            ? TransportErrorCode.FrameEncodingError
            : _connection.OnCrypto(_space, frame.Offset, frame.Data));

    public bool Visit(in NewTokenFrame frame) => Is(_connection.OnNewToken(frame.Token));

    public bool Visit(in StreamFrame frame) =>
        Is(_connection.StreamSet.OnStream(new StreamId(frame.StreamId), frame.Offset, frame.Data, frame.Fin));

    public bool Visit(in MaxDataFrame frame)
    {
        _connection.StreamSet.OnMaxData(frame.MaximumData);
        return true;
    }

    public bool Visit(in MaxStreamDataFrame frame) =>
        Is(_connection.StreamSet.OnMaxStreamData(new StreamId(frame.StreamId), frame.MaximumStreamData));

    public bool Visit(in MaxStreamsFrame frame)
    {
        _connection.StreamSet.OnMaxStreams(frame.IsUnidirectional ? StreamDirection.Unidirectional : StreamDirection.Bidirectional, frame.MaximumStreams);
        return true;
    }

    // The peer says that our limit holds it up; the window opens as the application reads, and no sooner.
    public bool Visit(in DataBlockedFrame frame) => true;

    public bool Visit(in StreamDataBlockedFrame frame) => Is(_connection.StreamSet.OnStreamDataBlocked(new StreamId(frame.StreamId)));

    public bool Visit(in StreamsBlockedFrame frame) => true;

    public bool Visit(in NewConnectionIdFrame frame) => Is(_connection.OnNewConnectionId(frame));

    public bool Visit(in RetireConnectionIdFrame frame) => Is(_connection.OnRetireConnectionId(frame.SequenceNumber, _destination));

    public bool Visit(in PathChallengeFrame frame)
    {
        _connection.OnPathChallenge(_path, frame.Data, _datagramLength);
        return true;
    }

    public bool Visit(in PathResponseFrame frame)
    {
        _connection.OnPathResponse(frame.Data);
        return true;
    }

    public bool Visit(in ConnectionCloseFrame frame)
    {
        _connection.OnConnectionClose(frame);
        return true;
    }

    public bool Visit(in HandshakeDoneFrame frame) => Is(_connection.OnHandshakeDone());

    public bool Visit(in AckFrequencyFrame frame) => Is(_connection.OnAckFrequency(frame));

    public bool Visit(in ImmediateAckFrame frame)
    {
        WantsAckNow = true;
        // §12.4: without the extension, a type like any that nobody knows.
        return Is(_connection.TakesAckFrequency ? TransportErrorCode.NoError : TransportErrorCode.FrameEncodingError);
    }

    // DATAGRAM frames are taken before the dispatch, for their payload is handed on writable.
    public bool Visit(in DatagramFrame frame) => Is(TransportErrorCode.InternalError);

    // §12.4: an unknown frame is an error, since nobody can tell where it ends.
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => Is(TransportErrorCode.FrameEncodingError);

    private bool Is(TransportErrorCode error)
    {
        _error = error;
        return error == TransportErrorCode.NoError;
    }
}
