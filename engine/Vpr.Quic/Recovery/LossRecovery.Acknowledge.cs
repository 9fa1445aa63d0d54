using Vpr.Io;
using Vpr.Quic.Congestion;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Recovery;

/// <content>Processing of ACK frames and detection of loss: RFC 9002 §5.1, §6.1, A.7 and A.10.</content>
internal sealed partial class LossRecovery<TController>
{
    private AcknowledgementInProgress _ack;

    /// <summary>Begins an ACK frame received in <paramref name="space"/>.</summary>
    /// <param name="space">The space of the packet that carried it.</param>
    /// <param name="largestAcknowledged">Its Largest Acknowledged field.</param>
    public void BeginAcknowledgement(PacketNumberSpace space, ulong largestAcknowledged) =>
        _ack = new AcknowledgementInProgress { Space = space, Largest = largestAcknowledged };

    /// <summary>One of its ranges, in any order; overlaps do no harm.</summary>
    /// <param name="first">The smallest packet number of the range.</param>
    /// <param name="last">The largest, at least <paramref name="first"/>.</param>
    /// <returns>False when a packet is acknowledged that was never sent: a PROTOCOL_VIOLATION (RFC 9000 §13.1).</returns>
    public bool AcknowledgeRange(ulong first, ulong last)
    {
        SpaceState state = _spaces[(int)_ack.Space];
        SentPacketRing packets = state.Packets;
        if (last >= packets.Next) return false;
        for (ulong number = Math.Max(first, packets.Oldest); number <= last; number++)
        {
            ref SentPacket packet = ref packets[number];
            if (packet.State == SentPacketState.Outstanding) AcknowledgePacket(state, number, ref packet);
            else if (packet.State == SentPacketState.Skipped) return false;
        }

        return true;
    }

    /// <summary>Ends the ACK frame: takes the RTT sample, declares losses, and lets the window grow.</summary>
    /// <param name="now">When it arrived.</param>
    /// <param name="ackDelay">Its ACK Delay, scaled by the peer's exponent.</param>
    /// <param name="ecn">Its ECN counts, if it had any.</param>
    public void EndAcknowledgement(Instant now, TimeSpan ackDelay, EcnCounts? ecn)
    {
        SpaceState state = _spaces[(int)_ack.Space];
        bool raised = !state.HasAcknowledgement || _ack.Largest > state.LargestAcknowledged;
        if (raised)
        {
            state.LargestAcknowledged = _ack.Largest;
            state.HasAcknowledgement = true;
        }

        // RFC 9002 §6.2.1: a client learns from a Handshake acknowledgement that the server validated its address.
        if (_ack.Space == PacketNumberSpace.Handshake) _peerCompletedAddressValidation = true;
        if (_ack.NewlyAcknowledged == 0) return;

        RttSample? sample = null;
        if (_ack.LargestIsNew && _ack.AckEliciting && _ack.LargestOnThisPath)
        {
            TakeRttSample(now, ackDelay);
            sample = new RttSample(_rtt.Latest, _ack.LargestTimeSent);
        }

        // RFC 9000 §13.4.2.1: counts are read only from acknowledgements that raise the largest number.
        if (raised && _ecn.OnAcknowledgement(_ack.Space, ecn, _ack.NewlyAcknowledgedEct0) && _ack.LargestOnThisPath)
            _controller.OnCongestion(now, _ack.LargestTimeSent);

        // Probes that nothing waits for any more are not worth sending.
        if (state.AckElicitingInFlight == 0) state.ProbesOwed = 0;
        DetectLost(now, _ack.Space);
        state.Packets.Trim();
        // RFC 9002 §7.8: what counts is how much of the window was used when something was last sent. Acknowledgements come together, and after the
        // first of them less is in flight before anything more could have been sent.
        ulong used = _heldByPacer ? Math.Max(_flight, _controller.Window) : _flight;
        _heldByPacer = false;
        _controller.OnAcknowledgement(new(now, _rtt.Smoothed, used, sample));

        // RFC 9002 §6.2.1: a client does not reset its back-off before it knows that its address is validated.
        if (_peerCompletedAddressValidation) PtoCount = 0;
        _antiDeadlockStart = now;
    }

    private void AcknowledgePacket(SpaceState state, ulong number, ref SentPacket packet)
    {
        packet.State = SentPacketState.Acknowledged;
        Resolve(state, ref packet);
        bool onThisPath = packet.Path == _path;
        _ack.NewlyAcknowledged++;
        _ack.AckEliciting |= (packet.Traits & SentPacketTraits.AckEliciting) != 0;
        if (onThisPath && (packet.Traits & SentPacketTraits.Ect0) != 0) _ack.NewlyAcknowledgedEct0++;
        if (number == _ack.Largest)
        {
            _ack.LargestIsNew = true;
            _ack.LargestOnThisPath = onThisPath;
            _ack.LargestTimeSent = packet.TimeSent;
        }

        if (onThisPath && (packet.Traits & SentPacketTraits.InFlight) != 0) _controller.OnPacketAcknowledged(packet.TimeSent, packet.Size);
        for (uint i = 0; i < packet.FrameCount; i++)
            _owner.OnFrameAcknowledged(_ack.Space, state.Packets.Frame(packet.FirstFrame + i));
        if (!onThisPath) return;
        if ((packet.Traits & SentPacketTraits.MtuProbe) != 0) _owner.OnMtuProbeAcknowledged(packet.Size);
        else _owner.OnPacketAcknowledged(packet.Size);
    }

    private void TakeRttSample(Instant now, TimeSpan ackDelay)
    {
        if (_firstRttSample == Instant.Never) _firstRttSample = now;

        // RFC 9002 §5.3: Initial acknowledgements are not delayed; max_ack_delay binds the peer once the handshake is confirmed.
        if (_ack.Space == PacketNumberSpace.Initial) ackDelay = TimeSpan.Zero;
        else if (_handshakeConfirmed && ackDelay > PeerMaxAckDelay) ackDelay = PeerMaxAckDelay;
        _rtt.Update(now - _ack.LargestTimeSent, ackDelay);
    }

    private void DetectLost(Instant now, PacketNumberSpace space)
    {
        SpaceState state = _spaces[(int)space];
        state.LossTime = Instant.Never;
        if (!state.HasAcknowledgement) return;

        TimeSpan lossDelay = LossDelay();
        SentPacketRing packets = state.Packets;
        PersistentCongestionDetector detector = new(_firstRttSample);
        Instant newestLost = default;
        bool congestion = false;
        for (ulong number = packets.Oldest; number < packets.Next && number <= state.LargestAcknowledged; number++)
        {
            ref SentPacket packet = ref packets[number];
            if (packet.State == SentPacketState.Acknowledged) detector.OnAcknowledged();
            if (packet.State != SentPacketState.Outstanding) continue;

            // RFC 9002 §6.1: sent long enough before a packet that was acknowledged, by number or by time.
            Instant lostAt = packet.TimeSent + lossDelay;
            if (state.LargestAcknowledged < number + LossDetection.PacketThreshold && lostAt > now)
            {
                if ((packet.Traits & SentPacketTraits.AckEliciting) != 0) state.LossTime = Instant.Min(state.LossTime, lostAt);
                continue;
            }

            DeclareLost(space, ref packet);
            bool counts = packet.Has(SentPacketTraits.InFlight) && (packet.Traits & SentPacketTraits.MtuProbe) == 0 && packet.Path == _path;
            if (!counts) continue;
            congestion = true;
            newestLost = packet.TimeSent;
            if (!packet.Has(SentPacketTraits.AckEliciting)) continue;
            detector.OnLost(packet.TimeSent);
            // A window full of 1-RTT packets, which the peer cannot read before the handshake is complete, must not keep
            // the handshake from being repaired: no acknowledgement would ever open it (RFC 9002 §7.3.2 grants one packet).
            if (space != PacketNumberSpace.Application && state.ProbesOwed == 0) state.ProbesOwed = 1;
        }

        packets.Trim();
        if (!congestion) return;
        _controller.OnCongestion(now, newestLost);
        // RFC 9002 §7.6.1: three probe timeouts with the peer's delay, whatever the back-off was.
        if (_firstRttSample != Instant.Never && detector.Longest > (_rtt.ProbeTimeout + PeerMaxAckDelay) * 3)
            _controller.OnPersistentCongestion();
    }

    private void DeclareLost(PacketNumberSpace space, ref SentPacket packet)
    {
        Resolve(_spaces[(int)space], ref packet);
        packet.State = SentPacketState.Lost;
        if ((packet.Traits & SentPacketTraits.Ect0) != 0 && packet.Path == _path) _ecn.OnMarkedPacketLost();
        if ((packet.Traits & SentPacketTraits.MtuProbe) != 0)
        {
            if (packet.Path == _path) _owner.OnMtuProbeLost(packet.Size);
        }
        else
        {
            PacketsLost++;
            if (packet.Path == _path) _owner.OnPacketLost(packet.Size);
        }

        Requeue(space, ref packet);
    }

    /// <summary>How long before an acknowledged packet another must have been sent to be lost: kTimeThreshold of 9/8, RFC 9002 §6.1.2.</summary>
    private TimeSpan LossDelay()
    {
        TimeSpan rtt = _rtt.Latest > _rtt.Smoothed ? _rtt.Latest : _rtt.Smoothed;
        TimeSpan delay = rtt + rtt / 8;
        return delay > RttEstimator.Granularity ? delay : RttEstimator.Granularity;
    }

    private struct AcknowledgementInProgress
    {
        public PacketNumberSpace Space;
        public ulong Largest;
        public Instant LargestTimeSent;
        public int NewlyAcknowledged;
        public int NewlyAcknowledgedEct0;
        public bool LargestIsNew;
        public bool LargestOnThisPath;
        public bool AckEliciting;
    }
}
