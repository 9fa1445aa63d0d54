using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire;

namespace Vpr.Quic;

/// <content>DATAGRAM frames, queued and on the fast path: RFC 9221.</content>
public sealed partial class QuicConnection
{
    private const byte DatagramWithoutLength = 0x30;
    private const byte DatagramWithLength = 0x31;

    /// <summary>Room in front of a payload that lets an acknowledgement of a dozen ranges or so ride along.</summary>
    public const int AckRoom = 48;

    // Datagrams side by side are of one length only if their headers are: one byte would do for the first 128 packets in flight alone.
    private const int MinDatagramNumberLength = 2;

    // When the pacer lets the datagram go that TransmitDatagram was last asked for; the loop comes back then.
    private Instant _datagramDeadline = Instant.Never;

    /// <summary>Who takes the payloads of received DATAGRAM frames; null drops them.</summary>
    public IDatagramHandler? DatagramHandler { get; set; }

    /// <summary>The longest payload that one DATAGRAM frame carries on the present path, in bytes; 0 while datagrams cannot be sent.</summary>
    /// <remarks>Changes with the path: <see cref="ConnectionEventKind.PathChanged"/> tells of it.</remarks>
    public int MaxDatagramPayload
    {
        get
        {
            if (!IsHandshakeComplete || IsClosed || _peerParameters is not { MaxDatagramFrameSize: > 1 } peer) return 0;
            int header = 1 + _remoteIds.Current.Length + PacketNumber.MaxLength + 1;
            int room = _path.Mtu.Current - header - PacketKey.TagLength;
            return (int)Math.Min((ulong)room, peer.MaxDatagramFrameSize - 1);
        }
    }

    /// <summary>The most bytes that <see cref="TransmitDatagram"/> needs in front of a payload; <see cref="AckRoom"/> more let an acknowledgement ride along.</summary>
    public static int DatagramHeadroom => 1 + ConnectionId.MaxLength + PacketNumber.MaxLength + 1;

    /// <summary>The bytes that <see cref="TransmitDatagram"/> writes behind a payload.</summary>
    public static int DatagramTailroom => PacketKey.TagLength;

    /// <summary>Copies a payload to be sent by <see cref="Transmit"/>; for control messages and tests, not for the packet path.</summary>
    /// <param name="payload">At most <see cref="MaxDatagramPayload"/> bytes, or it is dropped should the path shrink first.</param>
    /// <returns>False when it is too large, the queue is full, or datagrams cannot be sent.</returns>
    public bool TryQueueDatagram(ReadOnlySpan<byte> payload)
    {
        int most = MaxDatagramPayload;
        if (most == 0 || payload.Length > most || !_datagrams.TryEnqueue(payload)) return false;
        _endpoint.OnTouched(this);
        return true;
    }

    /// <summary>The bytes that <see cref="TransmitDatagram"/> puts in front of the next payload, if that is not empty and no acknowledgement rides along.</summary>
    /// <remarks>With just that room a packet begins where its buffer does, so that packets can be made side by side.</remarks>
    public int MeasureDatagramHeader()
    {
        SkipNumber(_application);
        return 1 + _remoteIds.Current.Length + DatagramNumberLength() + 1;
    }

    /// <summary>Makes a packet around a payload where it lies: short header and DATAGRAM frame in front, tag behind.</summary>
    /// <param name="now">The time.</param>
    /// <param name="buffer">Headroom, payload, tailroom.</param>
    /// <param name="payloadOffset">Where the payload begins; at least <see cref="MeasureDatagramHeader"/>. All that is in front of it may be written to: an acknowledgement rides along where there is room beyond that.</param>
    /// <param name="payloadLength">Its bytes; <see cref="DatagramTailroom"/> bytes must follow.</param>
    /// <param name="packet">After <see cref="DatagramStatus.Sent"/>: where the packet, one UDP payload, lies in the buffer, where it is to be sent, and with which mark; otherwise unchanged.</param>
    /// <returns>Whether the packet is there; the payload is untouched when it is not.</returns>
    /// <exception cref="ArgumentException">There is not enough room before or behind the payload.</exception>
    public DatagramStatus TransmitDatagram(Instant now, Span<byte> buffer, int payloadOffset, int payloadLength, ref PacketSlot packet)
    {
        // RFC 9001 §5.4.2: the protected part is never shorter than a sample asks for.
        int sampled = Math.Max(0, PacketNumber.MaxLength - MinDatagramNumberLength - 1 - payloadLength);
        SkipNumber(_application);
        int numberLength = DatagramNumberLength();
        ref readonly ConnectionId destination = ref _remoteIds.Current;
        int headerLength = 1 + destination.Length + numberLength;
        if (payloadLength < 0 || payloadOffset < headerLength + 1 + sampled || buffer.Length - payloadOffset - payloadLength < DatagramTailroom)
            throw new ArgumentException("The payload needs room for a header and a tag around it.", nameof(buffer));
        int most = MaxDatagramPayload;
        if (most == 0) return DatagramStatus.NotReady;
        if (payloadLength > most) return DatagramStatus.TooLarge;

        _now = now;
        UpdateKeysIfDue();
        ulong number = _application.NextNumber;
        int bareLength = headerLength + 1 + payloadLength + PacketKey.TagLength;
        if (!_recovery.HasWindow || _path.SendAllowance < bareLength + PacketNumber.MaxLength) return DatagramStatus.Blocked;
        if (IsHeldByPacer(now, bareLength)) return DatagramStatus.Blocked;

        // What stands in front of the payload is written from its end: the frame's type, PADDING for the sample, and an acknowledgement that waits and
        // for which there is room, so that it needs no packet of its own.
        int start = payloadOffset;
        buffer[--start] = DatagramWithoutLength;
        int length = bareLength;
        if (_application.Acks.HasUnacknowledged)
        {
            int room = Math.Min(start - headerLength, Math.Min(_path.Mtu.Current, _path.SendAllowance) - bareLength);
            int ackLength = WriteRidingAck(buffer[..start], Math.Clamp(room, 0, AckRoom));
            start -= ackLength;
            length += ackLength;
        }

        for (; length < headerLength + (PacketNumber.MaxLength - numberLength) + PacketKey.TagLength; length++) buffer[--start] = 0;
        start -= headerLength;

        Span<byte> written = buffer.Slice(start, length);
        PacketBuilder.WriteShortHeader(written, _application, destination, numberLength, NextFixedBit(), _spinBit);
        int numberOffset = 1 + destination.Length;
        PacketNumber.Write(written[numberOffset..], number, numberLength);
        _application.NextNumber = number + 1;
        _application.KeyPhase!.Protect(written, numberOffset, numberLength, number);

        packet.Offset = start;
        packet.Length = length;
        packet.Path = _path.Address;
        packet.Ecn = _recovery.EcnMark;
        _datagramDeadline = Instant.Never;
        _datagramsSent++;
        SentPacketTraits traits = SentPacketTraits.AckEliciting | SentPacketTraits.InFlight;
        if (packet.Ecn == EcnCodepoint.Ect0) traits |= SentPacketTraits.Ect0;
        OnPacketSent(PacketNumberSpace.Application, number, length, traits);
        OnDatagramSent(_path, length);
        _endpoint.OnTouched(this);
        return DatagramStatus.Sent;
    }

    /// <summary>Asks what <see cref="TransmitDatagram"/> would answer, for a caller that must know before the payload is made.</summary>
    /// <remarks>After <see cref="DatagramStatus.Sent"/> a payload of this length or a shorter one is not <see cref="DatagramStatus.Blocked"/> at the same time.</remarks>
    /// <param name="now">The time.</param>
    /// <param name="payloadLength">The payload's bytes.</param>
    public DatagramStatus ProbeDatagram(Instant now, int payloadLength)
    {
        int most = MaxDatagramPayload;
        if (most == 0) return DatagramStatus.NotReady;
        if (payloadLength > most) return DatagramStatus.TooLarge;
        int longest = 1 + _remoteIds.Current.Length + PacketNumber.MaxLength + 1 + payloadLength + PacketKey.TagLength;
        if (!_recovery.HasWindow || _path.SendAllowance < longest + PacketNumber.MaxLength) return DatagramStatus.Blocked;
        return IsHeldByPacer(now, longest) ? DatagramStatus.Blocked : DatagramStatus.Sent;
    }

    private bool IsHeldByPacer(Instant now, int length)
    {
        Instant ready = _recovery.PacingDeadline(now, length);
        if (ready <= now) return false;
        _recovery.OnHeldByPacer();
        _datagramDeadline = ready;
        _endpoint.OnDeadlineChanged(this);
        return true;
    }

    private int DatagramNumberLength() =>
        Math.Max(MinDatagramNumberLength, PacketNumber.EncodedLength(_application.NextNumber, _application.LargestAcknowledged));

    /// <summary>Writes an ACK frame at the end of <paramref name="front"/>, of <paramref name="room"/> bytes at most.</summary>
    /// <returns>Its length; 0 when there is no room for all of it.</returns>
    private int WriteRidingAck(Span<byte> front, int room)
    {
        Span<byte> ack = stackalloc byte[AckRoom];
        int length = WriteAck(ack[..room], _application, out bool isWhole);
        // Part of it would stand for the whole: the rest has to go soon too, and does in a packet of its own.
        if (!isWhole) return 0;
        ack[..length].CopyTo(front[^length..]);
        RecordAck(_application);
        _application.Acks.OnAckSent();
        return length;
    }

    /// <summary>A DATAGRAM frame came.</summary>
    /// <param name="payload">Its payload.</param>
    /// <param name="frameLength">Its bytes with type and length.</param>
    internal TransportErrorCode OnDatagram(Span<byte> payload, int frameLength)
    {
        // RFC 9221 §3: a frame larger than we said we take, or any when we said nothing, is an error.
        if (frameLength > _options.MaxDatagramFrameSize) return TransportErrorCode.ProtocolViolation;
        _datagramsReceived++;
        DatagramHandler?.OnDatagram(this, payload);
        return TransportErrorCode.NoError;
    }

    private void WriteDatagrams(ref PacketBuilder packet)
    {
        while (!_datagrams.IsEmpty)
        {
            int length = _datagrams.NextLength;
            if (length > MaxDatagramPayload)
            {
                _datagrams.Drop();
                continue;
            }

            int room = packet.Room;
            if (1 + length > room) return;
            Span<byte> free = packet.Free;
            int sizeLength = VarInt.Length((ulong)length);
            int header = 1 + sizeLength;
            if (header + length <= room)
            {
                free[0] = DatagramWithLength;
                VarInt.Write(free[1..], (ulong)length);
            }
            else
            {
                // Without a length the frame must end the packet: PADDING goes before it.
                header = room - length;
                free[..(header - 1)].Clear();
                free[header - 1] = DatagramWithoutLength;
            }

            _datagrams.Dequeue(free[header..]);
            packet.Advance(header + length);
            packet.IsAckEliciting = true;
            _datagramsSent++;
        }
    }
}
