using Vpr.Io;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>Decides when one packet number space acknowledges, and what.</summary>
/// <remarks>RFC 9000 §13.2; once the peer has asked for something else, draft-ietf-quic-ack-frequency §6.</remarks>
/// <param name="maxAckDelay">How long an acknowledgement may wait; zero in the Initial and Handshake spaces (§13.2.1).</param>
/// <param name="ackElicitingThreshold">Ack-eliciting packets after which it waits no longer, 1 or more.</param>
internal sealed class AckGenerator(TimeSpan maxAckDelay, int ackElicitingThreshold)
{
    /// <summary>Packets in bulk after which an acknowledgement waits no longer.</summary>
    public const int BulkThreshold = 64;

    /// <summary>Gaps after which an acknowledgement waits no longer: more may not fit the one that tells them first.</summary>
    public const int MaxGapsUntold = 8;

    // A sender's first windows, by which it finds its rate, are acknowledged as eagerly as all else.
    private const int EagerPackets = 100;

    private TimeSpan _maxAckDelay = maxAckDelay;
    private int _threshold = ackElicitingThreshold;
    private ulong _reorderingThreshold = 1;
    private ulong? _frequencySequence;
    private ulong _largestElicited;
    private ulong? _largestTold;
    private int _gapsUntold;
    private bool _lastWasMarked;
    private Instant _largestReceivedAt;
    private int _ackElicitingCount;
    private int _bulkPackets;
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

    private bool IsDirected => _frequencySequence is not null;

    /// <summary>Counts a packet that authenticated and was not a duplicate.</summary>
    /// <remarks>
    /// §13.2.2 leaves it to the receiver how often it acknowledges what comes in order. DATAGRAM frames are not sent again, so nothing waits for their
    /// acknowledgement but the sender's window: for it a few in each round trip will do. A peer that has asked for a frequency gets that instead.
    /// </remarks>
    /// <param name="now">When it came.</param>
    /// <param name="number">Its number.</param>
    /// <param name="ecn">Its mark.</param>
    /// <param name="isAckEliciting">Whether it must be acknowledged.</param>
    /// <param name="bulkDelay">How long an acknowledgement may wait for more packets when this one holds DATAGRAM frames alone; zero when it holds others, or waiting is not worth it.</param>
    public void OnReceived(Instant now, ulong number, EcnCodepoint ecn, bool isAckEliciting, TimeSpan bulkDelay = default)
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

        bool lastWasMarked = _lastWasMarked;
        _lastWasMarked = ecn == EcnCodepoint.CongestionExperienced;
        // §13.2.1: out of order means a gap at the sender's end; a CE mark must reach the congestion controller soon.
        bool isGap = largestBefore is { } before && number > before + 1;
        bool outOfOrder = isGap || number < largestBefore;
        if (isGap) _gapsUntold++;
        if (!isAckEliciting) return;
        _ackElicitingCount++;
        _largestElicited = Math.Max(_largestElicited, number);
        if (bulkDelay > TimeSpan.Zero && _bulkPackets <= EagerPackets) _bulkPackets++;
        bool isBulk = !IsDirected && bulkDelay > TimeSpan.Zero && _bulkPackets > EagerPackets;
        // draft-ietf-quic-ack-frequency §6.3: who asked for fewer acknowledgements hears of the first mark of a run at once.
        bool tellsMark = _lastWasMarked && !(IsDirected && _threshold > 2 && lastWasMarked);
        if (tellsMark || _maxAckDelay == TimeSpan.Zero || (IsDirected ? IsBeyondReordering(number, outOfOrder) : outOfOrder))
            _immediate = true;
        else if (_ackElicitingCount < _threshold)
            _deadline = Instant.Min(_deadline, now + _maxAckDelay);
        else if (isBulk && _ackElicitingCount < BulkThreshold)
            _deadline = Instant.Min(_deadline, now + bulkDelay);
        else
            _immediate = true;
    }

    /// <summary>The peer asks for a frequency of acknowledgements. An overtaken request changes nothing.</summary>
    /// <remarks>draft-ietf-quic-ack-frequency §4</remarks>
    /// <param name="frame">What it asks for; its delay is valid.</param>
    public void Follow(in AckFrequencyFrame frame)
    {
        if (frame.SequenceNumber <= _frequencySequence) return;
        _frequencySequence = frame.SequenceNumber;
        _maxAckDelay = TimeSpan.FromTicks((long)frame.RequestedMaxAckDelay * TimeSpan.TicksPerMicrosecond);
        _threshold = 1 + (int)Math.Min(frame.AckElicitingThreshold, int.MaxValue - 1);
        _reorderingThreshold = frame.ReorderingThreshold;
    }

    /// <summary>How long ago the largest packet came: the ACK Delay.</summary>
    public TimeSpan DelayAt(Instant now) => now - _largestReceivedAt;

    /// <summary>Takes note that an ACK frame with everything received was sent.</summary>
    public void OnAckSent()
    {
        _ackElicitingCount = 0;
        _gapsUntold = 0;
        _largestTold = Received.Largest;
        _immediate = false;
        _deadline = Instant.Never;
    }

    /// <summary>Asks for an ACK frame now, because the one that was sent may be lost, a probe is due, or the peer wants it.</summary>
    public void RequestImmediate()
    {
        if (Received.Largest is not null) _immediate = true;
    }

    /// <summary>Whether what is missing, or came late, is so far back that the peer takes it for lost.</summary>
    /// <remarks>draft-ietf-quic-ack-frequency §6.2. Where each gap is told at once, RFC 9000 §13.2.1 says it in fewer words.</remarks>
    private bool IsBeyondReordering(ulong number, bool outOfOrder)
    {
        if (_reorderingThreshold == 1) return outOfOrder;
        if (_gapsUntold >= MaxGapsUntold) return true;
        if (_reorderingThreshold == 0) return false;
        // The peer declares lost by itself what lies below the largest it was told of by the threshold or more.
        ulong? reported = _largestTold >= _reorderingThreshold ? _largestTold - _reorderingThreshold : null;
        if (number <= reported) return true;
        return Received.SmallestMissing(reported + 1 ?? 0, _largestElicited) is { } missing && _largestElicited - missing >= _reorderingThreshold;
    }
}
