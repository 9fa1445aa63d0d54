using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Decides when one packet number space acknowledges, and what.</summary>
/// <remarks>RFC 9000 §13.2</remarks>
/// <param name="maxAckDelay">How long an acknowledgement may wait; zero in the Initial and Handshake spaces (§13.2.1).</param>
/// <param name="ackElicitingThreshold">Ack-eliciting packets after which it waits no longer, 1 or more.</param>
internal sealed class AckGenerator(TimeSpan maxAckDelay, int ackElicitingThreshold)
{
    /// <summary>Packets in bulk after which an acknowledgement waits no longer.</summary>
    public const int BulkThreshold = 64;

    // A sender's first windows, by which it finds its rate, are acknowledged as eagerly as all else.
    private const int EagerPackets = 100;

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

    /// <summary>Counts a packet that authenticated and was not a duplicate.</summary>
    /// <remarks>
    /// §13.2.2 leaves it to the receiver how often it acknowledges what comes in order. DATAGRAM frames are not sent again, so nothing waits for their
    /// acknowledgement but the sender's window: for it a few in each round trip will do.
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

        if (!isAckEliciting) return;
        _ackElicitingCount++;
        if (bulkDelay > TimeSpan.Zero && _bulkPackets <= EagerPackets) _bulkPackets++;
        bool isBulk = bulkDelay > TimeSpan.Zero && _bulkPackets > EagerPackets;
        // §13.2.1: out of order means a gap at the sender's end; a CE mark must reach the congestion controller soon.
        bool outOfOrder = largestBefore is { } largest && (number < largest || number > largest + 1);
        if (outOfOrder || ecn == EcnCodepoint.CongestionExperienced || maxAckDelay == TimeSpan.Zero)
            _immediate = true;
        else if (_ackElicitingCount < ackElicitingThreshold)
            _deadline = Instant.Min(_deadline, now + maxAckDelay);
        else if (isBulk && _ackElicitingCount < BulkThreshold)
            _deadline = Instant.Min(_deadline, now + bulkDelay);
        else
            _immediate = true;
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
