using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>Datagrams out: which packets, with which frames, how large. RFC 9000 §12.2, §13, §14; RFC 9002 §7.</content>
public sealed partial class QuicConnection
{
    // A packet number is left out now and then, so that a peer cannot acknowledge what it did not receive (RFC 9000 §21.4):
    // after this many packets and up to 2^10 more.
    private const ulong MinSkipInterval = 64;
    private const int SkipIntervalBits = 10;

    // A short header, a PATH_CHALLENGE, a few more bytes and a tag.
    private const int MinUsefulAllowance = 64;

    // Packets with nothing but an acknowledgement, after which one asks to be acknowledged itself, if that spares later ones anything.
    private const int AcksBeforePing = 16;

    private readonly bool _spinBit;
    private int _acksAlone;
    private Instant _pacingDeadline = Instant.Never;
    private ulong _skipAt = MinSkipInterval;
    private bool _expandDatagram;

    /// <summary>Writes the next datagram that is to be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">Where it goes: at least 1200 bytes, and as many as the path may turn out to carry.</param>
    /// <param name="path">Where it is to be sent.</param>
    /// <param name="ecn">The mark for its IP header.</param>
    /// <returns>Its length; 0 when there is nothing to send before <see cref="NextTimeout"/> or the next <see cref="Receive"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 1200 bytes.</exception>
    public int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn)
    {
        if (destination.Length < PathMtuDiscovery.BaseSize)
            throw new ArgumentException("A datagram may take 1200 bytes.", nameof(destination));
        _now = now;
        path = _path.Address;
        ecn = EcnCodepoint.NotEct;
        if (_state >= ConnectionState.Closing) return TransmitClose(destination);

        _streams.SetClock(now, _recovery.Rtt.Smoothed);
        _pacingDeadline = Instant.Never;
        UpdateKeysIfDue();
        int length = TransmitOnOtherPath(destination, ref path);
        if (length > 0) return length;
        length = TransmitMtuProbe(destination);
        if (length > 0) return length;

        ecn = _recovery.EcnMark;
        length = TransmitPackets(destination, ecn);
        if (length == 0)
        {
            ecn = EcnCodepoint.NotEct;
            _recovery.IsAmplificationLimited = IsAmplificationLimited;
        }

        return length;
    }

    // RFC 9000 §8.1: the handshake waits for room for a whole datagram; later a small packet, as one with a challenge, is worth sending.
    private bool IsAmplificationLimited => _path.SendAllowance < (_initial.IsDiscarded ? MinUsefulAllowance : PathMtuDiscovery.BaseSize);

    private int TransmitPackets(Span<byte> destination, EcnCodepoint ecn)
    {
        int limit = Math.Min(Math.Min(destination.Length, _path.Mtu.Current), _path.SendAllowance);
        // RFC 9000 §14.1: a server cannot send its Initial until it may send a whole datagram of 1200 bytes.
        if (limit < PathMtuDiscovery.BaseSize && !_initial.IsDiscarded) return 0;

        _expandDatagram = false;
        bool mayUseWindow = MayUseWindow();
        PacketBuilder open = default;
        int sent = 0;
        bool padded = false;
        foreach (PacketNumberSpace number in (ReadOnlySpan<PacketNumberSpace>)[PacketNumberSpace.Initial, PacketNumberSpace.Handshake, PacketNumberSpace.Application])
        {
            PacketSpace space = Space(number);
            if (!space.CanSend || space.IsDiscarded) continue;
            int start = open.Space is null ? 0 : open.End;
            if (!TryBuild(destination, start, limit, space, mayUseWindow, ref padded, out PacketBuilder next)) continue;
            if (open.Space is not null) sent += Finish(ref open, ecn);
            open = next;
        }

        if (open.Space is null) return 0;
        if (padded || _expandDatagram) open.PadTo(Math.Min(limit, PathMtuDiscovery.BaseSize));
        sent += Finish(ref open, ecn);
        OnDatagramSent(_path, sent);
        // RFC 9001 §4.9.1: a client that sends a Handshake packet has done with Initial keys.
        if (IsClient && _handshake.NextNumber > 0) Discard(_initial);
        return sent;
    }

    /// <summary>Whether congestion control and pacing let packets go that count as in flight.</summary>
    private bool MayUseWindow()
    {
        if (!_recovery.HasWindow) return false;
        Instant ready = _recovery.PacingDeadline(_now, _path.Mtu.Current);
        if (ready <= _now) return true;
        if (HasContent(_initial) || HasContent(_handshake) || HasContent(_application))
        {
            _recovery.OnHeldByPacer();
            _pacingDeadline = ready;
        }

        return false;
    }

    private bool TryBuild(
        Span<byte> destination, int start, int limit, PacketSpace space, bool mayUseWindow, scoped ref bool padded, out PacketBuilder packet)
    {
        packet = default;
        int probes = _recovery.ProbesOwed(space.Number);
        // RFC 9000 §8.2.1: the challenge may be what was lost, and until it is answered little else can be sent.
        if (probes > 0 && space == _application && !_path.IsValidated) _path.Validation.OnLost();
        // 1-RTT packets in flight, which the server cannot read before it has our Finished, must not keep the Finished waiting for their window.
        bool isLastOfHandshake = space == _handshake && IsHandshakeComplete;
        bool mayElicit = mayUseWindow || probes > 0 || isLastOfHandshake;
        bool ackIsDue = space.Acks.IsDue(_now);
        bool hasContent = mayElicit && (HasContent(space) || probes > 0);
        if (!ackIsDue && !hasContent) return false;
        if (!TryBegin(destination, start, limit, space, out packet)) return false;

        bool hasAck = (ackIsDue || space.Acks.HasUnacknowledged) && TryWriteAck(ref packet, space);
        if (mayElicit) WriteContent(ref packet, space);
        if (probes > 0 && space == _application) WriteImmediateAck(ref packet);
        if (mayElicit && !packet.IsAckEliciting && (probes > 0 || space.PingRequested || WantsAckAcknowledged(space)))
        {
            packet.TryWrite(new PingFrame());
            packet.IsAckEliciting = true;
        }

        if (packet.IsAckEliciting) space.PingRequested = false;
        if (!packet.IsAckEliciting && !ackIsDue)
        {
            // Only an acknowledgement that could have waited: the packet is not worth sending.
            _recovery.AbandonPacket(space.Number);
            packet = default;
            return false;
        }

        if (hasAck) space.Acks.OnAckSent();
        _acksAlone = packet.IsAckEliciting ? 0 : _acksAlone + 1;
        if (packet.IsEmpty)
        {
            packet = default;
            return false;
        }

        padded |= space == _initial && (IsClient || packet.IsAckEliciting);
        return true;
    }

    // RFC 9000 §13.2.4: who only receives is acknowledged nothing, and would tell the same old gaps for ever.
    private bool WantsAckAcknowledged(PacketSpace space) =>
        space == _application && _acksAlone >= AcksBeforePing && space.Acks.Received.Ranges.Length > 1;

    private bool TryBegin(Span<byte> destination, int start, int limit, PacketSpace space, out PacketBuilder packet)
    {
        SkipNumber(space);
        return space == _application
            ? PacketBuilder.TryBeginShort(destination, start, limit, space, _remoteIds.Current, NextFixedBit(), _spinBit, out packet)
            : PacketBuilder.TryBeginLong(
                destination, start, limit, space, _remoteIds.Current, _localIds.Initial, _initialToken, fixedBit: true, out packet);
    }

    private void SkipNumber(PacketSpace space)
    {
        if (space != _application || space.NextNumber < _skipAt) return;
        space.NextNumber++;
        _skipAt = space.NextNumber + MinSkipInterval + _bits.Take(SkipIntervalBits);
    }

    // RFC 9287 §3: greased once the peer has said that it does not look at the bit.
    private bool NextFixedBit() => !_options.GreaseQuicBit || _peerParameters is not { GreaseQuicBit: true } || _bits.Take(1) != 0;

    private int Finish(ref PacketBuilder packet, EcnCodepoint ecn, SentPacketTraits extra = SentPacketTraits.None)
    {
        PacketNumberSpace space = packet.Space!.Number;
        ulong number = packet.Number;
        int length = packet.Finish();
        SentPacketTraits traits = extra;
        if (packet.IsAckEliciting) traits |= SentPacketTraits.AckEliciting | SentPacketTraits.InFlight;
        if (packet.IsPadded) traits |= SentPacketTraits.InFlight;
        if (ecn == EcnCodepoint.Ect0) traits |= SentPacketTraits.Ect0;
        OnPacketSent(space, number, length, traits);
        return length;
    }

    private void OnPacketSent(PacketNumberSpace space, ulong number, int length, SentPacketTraits traits)
    {
        _packetsSent++;
        _recovery.OnPacketSent(_now, space, number, length, traits);
        if ((traits & SentPacketTraits.AckEliciting) == 0) return;
        _lastAckElicitingSent = _now;
        // RFC 9000 §10.1: the first ack-eliciting packet since something was received restarts the idle timer too.
        if (_sentSinceReceived) return;
        _sentSinceReceived = true;
        _firstSentSinceReceived = _now;
    }

    private void OnDatagramSent(PathState path, int length)
    {
        path.OnSent(length);
        _bytesSent += (ulong)length;
    }

    /// <summary>Sends a packet of a size not yet known to pass, with nothing in it that could be missed.</summary>
    private int TransmitMtuProbe(Span<byte> destination)
    {
        if (!IsConfirmed || !_path.IsValidated || !_path.Mtu.TryGetProbe(out int size) || size > destination.Length) return 0;
        if (!MayUseWindow()) return 0;
        if (!TryBegin(destination, 0, size, _application, out PacketBuilder packet)) return 0;
        packet.TryWrite(new PingFrame());
        packet.IsAckEliciting = true;
        // draft-ietf-quic-ack-frequency §8.3: so that a timer does not take the probe for lost.
        WriteImmediateAck(ref packet);
        packet.PadTo(size);
        _path.Mtu.OnProbeSent();
        int length = Finish(ref packet, EcnCodepoint.NotEct, SentPacketTraits.MtuProbe);
        OnDatagramSent(_path, length);
        return length;
    }
}
