using Vpr.Crypto;
using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>Datagrams in: coalesced packets, protection removed, frames handed on. RFC 9000 §12, RFC 9001 §5.</content>
public sealed partial class QuicConnection
{
    private const byte LongHeaderForm = 0x80;
    private const byte FixedBit = 0x40;
    private const byte LongReservedBits = 0x0c;

    // RFC 9000 §10.3: shorter than this no stateless reset is.
    private const int MinStatelessReset = 21;

    // Where a 1-RTT packet of this endpoint has its number and its sample.
    private const int NumberInShort = 1 + QuicEndpoint.ConnectionIdLength;
    private const int SampleInShort = NumberInShort + PacketProtection.SampleOffset;

    private const int MaskedTogether = 16;

    /// <summary>The fewest bytes of a 1-RTT packet that can be unprotected.</summary>
    internal const int MinShort = NumberInShort + PacketProtection.MinProtectedLength;

    private bool _packetIsProbing;
    private ConnectionId _newestDestination;

    /// <summary>Takes a datagram that came for this connection.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="path">Where from and where to.</param>
    /// <param name="ecn">The ECN bits of its IP header.</param>
    /// <param name="datagram">Its UDP payload, decrypted in place: worthless afterwards.</param>
    public void Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram) => ReceiveDatagram(now, path, ecn, datagram, []);

    /// <summary>Takes datagrams that came together for this connection: the masks of their headers are made side by side.</summary>
    /// <param name="now">When they came.</param>
    /// <param name="path">Where from and where to.</param>
    /// <param name="ecn">The ECN bits of their IP headers.</param>
    /// <param name="run">1-RTT packets, each alone in its datagram and long enough for a sample.</param>
    /// <param name="size">Bytes of each but the last, which may be shorter.</param>
    internal void ReceiveRun(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> run, int size)
    {
        Span<byte> masks = stackalloc byte[MaskedTogether * PacketProtection.SampleLength];
        while (!run.IsEmpty)
        {
            int count = 0;
            if (_application.KeyPhase is { } phase)
            {
                for (int at = 0; at < run.Length && count < MaskedTogether; at += size, count++)
                    run.Slice(at + SampleInShort, PacketProtection.SampleLength).CopyTo(masks[(count * PacketProtection.SampleLength)..]);
                phase.MaskTogether(masks[..(count * PacketProtection.SampleLength)]);
            }

            for (int i = 0; i < Math.Max(count, 1); i++)
            {
                Span<byte> datagram = run[..Math.Min(size, run.Length)];
                run = run[datagram.Length..];
                ReceiveDatagram(now, path, ecn, datagram, count == 0 ? [] : masks.Slice(i * PacketProtection.SampleLength, HeaderProtection.MaskLength));
            }
        }
    }

    // The mask is that of a 1-RTT packet, alone in its datagram; empty when it is not made yet.
    private void ReceiveDatagram(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram, ReadOnlySpan<byte> mask)
    {
        _now = now;
        _bytesReceived += (ulong)datagram.Length;
        _endpoint.OnTouched(this);
        if (IsClosed)
        {
            OnReceivedWhileClosing();
            return;
        }

        bool isCurrent = path.Remote == _path.Address.Remote;
        // RFC 9000 §9: a client takes nothing from addresses it does not know; nobody moves before the handshake is confirmed.
        if (!isCurrent && (IsClient || !IsConfirmed))
        {
            _packetsDropped++;
            return;
        }

        if (isCurrent) _path.OnReceived(datagram.Length);
        else if (_formerPath is { } former && path.Remote == former.Address.Remote) former.OnReceived(datagram.Length);

        _streams.SetClock(now, _recovery.Rtt.Smoothed);
        int datagramLength = datagram.Length;
        ConnectionId? destination = null;
        for (bool isFirst = true; !datagram.IsEmpty && !IsClosed; isFirst = false)
        {
            int consumed = (datagram[0] & LongHeaderForm) != 0
                ? ReceiveLong(datagram, datagramLength, ref destination, ecn)
                : ReceiveShort(path, ecn, datagram, mask, datagramLength, isFirst, destination);
            if (consumed == 0)
            {
                _packetsDropped++;
                break;
            }

            datagram = datagram[consumed..];
        }

        if (!IsClosed) _recovery.IsAmplificationLimited = IsAmplificationLimited;
        if (_streams.HasEvents) _endpoint.OnEvent(this);
    }

    /// <summary>Whether a datagram that could not be routed ends as this connection's peer ends its stateless resets.</summary>
    internal bool EndsWithResetToken(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= MinStatelessReset && _remoteIds.IsResetToken(datagram[^StatelessResetToken.Length..]);

    /// <summary>Takes one long-header packet.</summary>
    /// <returns>Its length; 0 when it cannot be told, and the rest of the datagram is lost.</returns>
    private int ReceiveLong(Span<byte> rest, int datagramLength, ref ConnectionId? destination, EcnCodepoint ecn)
    {
        if (!InvariantLongHeader.TryParse(rest, out InvariantLongHeader header, out _)) return 0;
        if (header.IsVersionNegotiation)
        {
            OnVersionNegotiation(rest);
            return rest.Length;
        }

        if (header.Version != QuicVersion.Version1) return 0;
        // RFC 9287 §3: the fixed bit may be greased by a peer that saw our parameter.
        if ((rest[0] & FixedBit) == 0 && !_options.GreaseQuicBit) return 0;
        if (header.DestinationConnectionId.Length > ConnectionId.MaxLength || header.SourceConnectionId.Length > ConnectionId.MaxLength) return 0;

        // RFC 9000 §12.2: packets of one datagram have one Destination Connection ID.
        ConnectionId id = new(header.DestinationConnectionId);
        destination ??= id;
        if (id != destination) return 0;
        ConnectionId source = new(header.SourceConnectionId);
        switch (header.TypeInVersion1)
        {
            case LongPacketType.Initial:
                if (!InitialPacket.TryParse(rest, out InitialPacket initial, out int length)) return 0;
                // RFC 9000 §14.1, §17.2.2: too small a datagram, or a token from a server, is no honest Initial.
                bool drop = IsClient ? !initial.Header.Token.IsEmpty : datagramLength < PathMtuDiscovery.BaseSize;
                if (drop || !OpenLong(_initial, rest[..length], length - initial.Protected.Length, source, ecn)) _packetsDropped++;
                return length;
            case LongPacketType.Handshake:
                if (!HandshakePacket.TryParse(rest, out HandshakePacket handshake, out length)) return 0;
                if (!OpenLong(_handshake, rest[..length], length - handshake.Protected.Length, source, ecn)) _packetsDropped++;
                return length;
            case LongPacketType.ZeroRtt:
                // 0-RTT is never offered nor accepted: the packet is passed over.
                if (!ZeroRttPacket.TryParse(rest, out _, out length)) return 0;
                _packetsDropped++;
                return length;
            default:
                OnRetry(rest);
                return rest.Length;
        }
    }

    private bool OpenLong(PacketSpace space, Span<byte> packet, int numberOffset, ConnectionId source, EcnCodepoint ecn)
    {
        if (space.Read is not { } protection) return false;
        // RFC 9001 §5.4.2: too short for a sample. The packets coalesced behind it still count (RFC 9000 §12.2).
        if (packet.Length - numberOffset < PacketProtection.MinProtectedLength) return false;
        uint truncated = protection.Unmask(packet, numberOffset, out int numberLength);
        ulong number = Expand(space, truncated, numberLength);
        int headerLength = numberOffset + numberLength;
        int tag = packet.Length - PacketKey.TagLength;
        if (tag < headerLength || space.Acks.Received.Contains(number)) return false;
        if (!protection.Key.Open(number, packet[..headerLength], packet[headerLength..tag], packet[tag..])) return false;
        if (IsClient ? !AcceptServerId(source) : source != _remoteIds.Current) return false;
        if ((packet[0] & LongReservedBits) != 0)
        {
            Fail(TransportErrorCode.ProtocolViolation, 0, "reserved bits");
            return true;
        }

        if (!IsClient && space == _handshake)
        {
            // RFC 9000 §8.1: only who received our Handshake packets can answer with one. RFC 9001 §4.9.1: Initial keys have done their part.
            _path.Validate();
            Discard(_initial);
        }

        OnPacket(space, number, packet[headerLength..tag], ecn, default, phaseBit: false, default, datagramLength: 0);
        return true;
    }

    /// <summary>Takes a 1-RTT packet, which reaches to the end of its datagram.</summary>
    private int ReceiveShort(
        in DatagramPath path, EcnCodepoint ecn, Span<byte> packet, ReadOnlySpan<byte> mask, int datagramLength, bool isFirst, ConnectionId? destination)
    {
        bool opened = packet.Length >= MinShort
            && _application.KeyPhase is { } phase
            && OpenShort(phase, path, packet, mask, datagramLength, destination, ecn);
        if (opened) return packet.Length;
        // RFC 9000 §10.3.1: what cannot be opened may be the peer's stateless reset.
        if (isFirst && EndsWithResetToken(packet))
        {
            EndSilently(CloseSource.StatelessReset, 0);
            return packet.Length;
        }

        return 0;
    }

    private bool OpenShort(
        KeyPhase phase, in DatagramPath path, Span<byte> packet, ReadOnlySpan<byte> mask, int datagramLength, ConnectionId? first, EcnCodepoint ecn)
    {
        if ((packet[0] & FixedBit) == 0 && !_options.GreaseQuicBit) return false;
        ConnectionId destination = new(packet[1..NumberInShort]);
        if (first is { } coalescedBehind && coalescedBehind != destination) return false;
        uint truncated = mask.IsEmpty
            ? phase.Unmask(packet, NumberInShort, out int numberLength)
            : PacketProtection.UnmaskBy(mask, packet, NumberInShort, out numberLength);
        ulong number = Expand(_application, truncated, numberLength);
        int headerLength = NumberInShort + numberLength;
        if (packet.Length - PacketKey.TagLength < headerLength || _application.Acks.Received.Contains(number)) return false;
        if (!ShortHeader.TryParse(packet, out ShortHeader header, out _)) return false;
        bool phaseBit = header.KeyPhase;
        if (!phase.Open(packet, headerLength, number, phaseBit, out bool updates))
        {
            if (phase.LimitReached) Fail(TransportErrorCode.AeadLimitReached, 0, "integrity limit");
            return false;
        }

        if (header.ReservedBits != 0)
        {
            Fail(TransportErrorCode.ProtocolViolation, 0, "reserved bits");
            return true;
        }

        if (updates && !phase.OnPeerUpdate(number))
        {
            Fail(TransportErrorCode.KeyUpdateError, 0, "key update before the last was answered");
            return true;
        }

        if (phase.AwaitsExpiry) phase.StartExpiry(_now + ProbeTimeout * 3);
        bool isNewest = _application.Acks.Received.Largest is not { } largest || number > largest;
        OnPacket(_application, number, packet[headerLength..^PacketKey.TagLength], ecn, destination, phaseBit, path, datagramLength);
        // RFC 9000 §9.3: the peer moved when its newest packet, and not a mere probe, comes from elsewhere.
        if (!IsClosed && isNewest && !_packetIsProbing && path.Remote != _path.Address.Remote) OnPeerMoved(path, datagramLength, destination != _newestDestination);
        if (isNewest && !_packetIsProbing) _newestDestination = destination;
        return true;
    }

    private void OnPacket(
        PacketSpace space, ulong number, Span<byte> payload, EcnCodepoint ecn, in ConnectionId destination, bool phaseBit,
        in DatagramPath path, int datagramLength)
    {
        _packetsReceived++;
        FrameReceiver receiver = new(this, space, in destination, phaseBit, in path, datagramLength);
        TransportErrorCode error = receiver.ReceiveAll(payload);
        _packetIsProbing = receiver.IsProbing;
        if (error != TransportErrorCode.NoError)
        {
            Fail(error, receiver.FrameType, "");
            return;
        }

        if (IsClosed) return;
        TimeSpan bulkDelay = receiver.HoldsDatagramsAlone ? BulkAckDelay : TimeSpan.Zero;
        if (!space.IsDiscarded) space.Acks.OnReceived(_now, number, ecn, receiver.IsAckEliciting, bulkDelay);
        if (receiver.WantsAckNow) space.Acks.RequestImmediate();
        // RFC 9000 §10.1: a packet that was processed restarts the idle timer.
        _lastReceived = _now;
        _sentSinceReceived = false;
    }

    /// <summary>How long the acknowledgement of packets in bulk may wait: zero, for the ordinary rule, where a timer is no quicker than the path.</summary>
    /// <remarks>A sixteenth of a round trip: HyStart++ wants eight samples in each (RFC 9406 §4.3), and a paced sender some more.</remarks>
    private TimeSpan BulkAckDelay
    {
        get
        {
            ref readonly Recovery.RttEstimator rtt = ref _recovery.Rtt;
            TimeSpan delay = new(rtt.Min.Ticks / 16);
            return delay < Recovery.RttEstimator.Granularity ? TimeSpan.Zero : delay;
        }
    }

    private static ulong Expand(PacketSpace space, uint truncated, int length) =>
        PacketNumber.Decode(space.Acks.Received.Largest is { } largest ? largest + 1 : 0, truncated, length);
}
