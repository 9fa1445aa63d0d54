using Vpr.Io;

namespace Vpr.Quic.Recovery;

/// <content>The loss detection timer: RFC 9002 §6.2, A.8 and A.9.</content>
internal sealed partial class LossRecovery<TController>
{
    /// <summary>When <see cref="OnTimeout"/> is due; <see cref="Instant.Never"/> when nothing waits.</summary>
    /// <remarks>Computed from the state, so there is no timer to be set, forgotten or left behind.</remarks>
    public Instant NextTimeout
    {
        get
        {
            Instant lossTime = EarliestLossTime(out _);
            if (lossTime != Instant.Never) return lossTime;
            return IsAmplificationLimited ? Instant.Never : ProbeTime(out _);
        }
    }

    /// <summary>Declares packets lost whose time has come, or else makes the space that waited longest owe probes.</summary>
    /// <returns>Whether anything was due.</returns>
    public bool OnTimeout(Instant now)
    {
        if (NextTimeout > now) return false;
        if (EarliestLossTime(out PacketNumberSpace space) != Instant.Never)
        {
            DetectLost(now, space);
            return true;
        }

        ProbeTime(out space);
        _antiDeadlockStart = now;
        OweProbes(space);
        PtoCount++;
        return true;
    }

    /// <summary>RFC 9002 §6.2.4: up to two datagrams in the space whose timer expired, and one in each other that has packets in flight.</summary>
    private void OweProbes(PacketNumberSpace expired)
    {
        for (PacketNumberSpace space = PacketNumberSpace.Initial; space <= PacketNumberSpace.Application; space++)
        {
            SpaceState state = _spaces[(int)space];
            bool counts = state.AckElicitingInFlight > 0 && (space != PacketNumberSpace.Application || _handshakeConfirmed);
            if (space != expired && !counts) continue;
            state.ProbesOwed = space == expired && state.AckElicitingInFlight > 0 ? 2 : 1;
            RequeueOldest(space, state.ProbesOwed);
        }
    }

    /// <summary>Gives probes something to carry: the frames of the oldest packets in flight whose frames were not queued again before.</summary>
    private void RequeueOldest(PacketNumberSpace space, int count)
    {
        SentPacketRing packets = _spaces[(int)space].Packets;
        for (ulong number = packets.Oldest; number < packets.Next && count > 0; number++)
        {
            ref SentPacket packet = ref packets[number];
            if (packet.State != SentPacketState.Outstanding || packet.FrameCount == 0) continue;
            if ((packet.Traits & (SentPacketTraits.AckEliciting | SentPacketTraits.Requeued)) != SentPacketTraits.AckEliciting) continue;
            Requeue(space, ref packet);
            count--;
        }
    }

    private Instant EarliestLossTime(out PacketNumberSpace space)
    {
        Instant earliest = Instant.Never;
        space = PacketNumberSpace.Initial;
        for (int i = 0; i < SpaceCount; i++)
        {
            if (_spaces[i].LossTime >= earliest) continue;
            earliest = _spaces[i].LossTime;
            space = (PacketNumberSpace)i;
        }

        return earliest;
    }

    /// <summary>When the probe timeout expires, and for which space: GetPtoTimeAndSpace of RFC 9002 A.8.</summary>
    private Instant ProbeTime(out PacketNumberSpace space)
    {
        long backOff = 1L << Math.Min(PtoCount, MaxBackOff);
        TimeSpan duration = _rtt.ProbeTimeout * backOff;
        Instant earliest = Instant.Never;
        bool anyInFlight = false;
        space = PacketNumberSpace.Initial;
        for (int i = 0; i < SpaceCount; i++)
        {
            SpaceState state = _spaces[i];
            if (state.AckElicitingInFlight == 0) continue;
            anyInFlight = true;
            TimeSpan wait = duration;
            if (i == (int)PacketNumberSpace.Application)
            {
                // RFC 9002 §6.2.1: not before the handshake is confirmed, since the peer might not be able to read 1-RTT packets.
                if (!_handshakeConfirmed) continue;
                wait += PeerMaxAckDelay * backOff;
            }

            Instant due = state.LastAckElicitingSent + wait;
            if (due >= earliest) continue;
            earliest = due;
            space = (PacketNumberSpace)i;
        }

        if (anyInFlight && earliest != Instant.Never) return earliest;
        // RFC 9002 §6.2.2.1: a client keeps the server from waiting for bytes that would let it send more.
        if (_peerCompletedAddressValidation) return Instant.Never;
        space = _hasHandshakeKeys ? PacketNumberSpace.Handshake : PacketNumberSpace.Initial;
        return _antiDeadlockStart + duration;
    }
}
