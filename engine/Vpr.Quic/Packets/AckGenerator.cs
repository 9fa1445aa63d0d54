using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Decides when one packet number space acknowledges, and what.</summary>
/// <remarks>RFC 9000 §13.2</remarks>
/// <param name="maxAckDelay">How long an acknowledgement may wait; zero in the Initial and Handshake spaces (§13.2.1).</param>
/// <param name="ackElicitingThreshold">Ack-eliciting packets after which it waits no longer, 1 or more.</param>
internal sealed class AckGenerator(TimeSpan maxAckDelay, int ackElicitingThreshold)
{
    private Instant _largestReceivedAt;
    private int _ackElicitingCount;
    private bool _immediate;
    private Instant _deadline = Instant.Never;

    /// <summary>What was received.</summary>
    public ReceivedPackets Received { get; } = new();

    /// <summary>Packets received with ECT(0).</summary>
    public ulong Ect0Count { get; private set; }

    /// <summary>Packets received with ECT(1).</summary>
    public ulong Ect1Count { get; private set; }

    /// <summary>Packets received with ECN-CE.</summary>
    public ulong CeCount { get; private set; }

    /// <summary>Whether any ack-eliciting packet is unacknowledged, so that an ACK frame is worth its bytes in a packet that is sent anyway.</summary>
    public bool HasUnacknowledged => _ackElicitingCount > 0;

    /// <summary>When <see cref="IsDue"/> becomes true by itself; <see cref="Instant.Never"/> when it does not.</summary>
    public Instant Deadline => _immediate ? Instant.Never : _deadline;

    /// <summary>Whether an ACK frame must be sent now, even in a packet of its own.</summary>
    public bool IsDue(Instant now) => _immediate || now >= _deadline;

    /// <summary>Counts a packet that authenticated and was not a duplicate.</summary>
    public void OnReceived(Instant now, ulong number, EcnCodepoint ecn, bool isAckEliciting)
    {
        ulong? largestBefore = Received.Largest;
        if (!Received.TryAdd(number)) return;
        if (largestBefore is null || number > largestBefore) _largestReceivedAt = now;
        switch (ecn)
        {
            case EcnCodepoint.Ect0:
                Ect0Count++;
                break;
            case EcnCodepoint.Ect1:
                Ect1Count++;
                break;
            case EcnCodepoint.CongestionExperienced:
                CeCount++;
                break;
        }

        if (!isAckEliciting) return;
        _ackElicitingCount++;
        // §13.2.1: out of order means a gap at the sender's end; a CE mark must reach the congestion controller soon.
        bool outOfOrder = largestBefore is { } largest && (number < largest || number > largest + 1);
        if (outOfOrder || ecn == EcnCodepoint.CongestionExperienced || _ackElicitingCount >= ackElicitingThreshold || maxAckDelay == TimeSpan.Zero)
            _immediate = true;
        else
            _deadline = Instant.Min(_deadline, now + maxAckDelay);
    }

    /// <summary>How long ago the largest packet came: the ACK Delay.</summary>
    public TimeSpan DelayAt(Instant now) => now - _largestReceivedAt;

    /// <summary>Takes note that an ACK frame with everything received was sent.</summary>
    public void OnAckSent()
    {
        _ackElicitingCount = 0;
        _immediate = false;
        _deadline = Instant.Never;
    }

    /// <summary>Asks for an ACK frame now, because the one that was sent may be lost or a probe is due.</summary>
    public void RequestImmediate()
    {
        if (Received.Largest is not null) _immediate = true;
    }
}
