using Vpr.Io;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Recovery;

/// <summary>How often we want to be acknowledged by a peer that lets us say so: what to ask for, when, and what is certain of it.</summary>
/// <remarks>
/// draft-ietf-quic-ack-frequency §7, §8. Asked for once datagrams are sent in bulk: an eighth of the congestion window at a time (in slow start a sixteenth), at least every
/// <see cref="MaxPackets"/> packets and every quarter of a round trip. One request is on its way at a time, and none follows another within a round trip.
/// </remarks>
internal sealed class AckFrequencyRequests
{
    /// <summary>The most packets that one acknowledgement is asked for.</summary>
    public const ulong MaxPackets = 64;

    /// <summary>Datagrams sent before they count as bulk: a sender finds its rate by the acknowledgements of its first windows.</summary>
    public const ulong BulkDatagrams = 100;

    // A window should be opened in several steps, and in slow start HyStart++ wants eight samples in each round (RFC 9406 §4.3), of which some are lost
    // to where the round begins.
    private const ulong AcksInWindow = 8;
    private const ulong AcksInSlowStart = 16;
    private const ulong AcksInRoundTrip = 4;

    // RFC 9000 §18.2: a max_ack_delay of 2^14 ms or more is invalid.
    private const ulong MaxDelay = ((1UL << 14) - 1) * 1000;

    private ulong? _minAckDelay;
    private TimeSpan _certain;
    private TimeSpan _uncertain;
    private ulong _nextSequence;
    private ulong _packets;
    private ulong _delay;
    private bool _awaitsAcknowledgement;
    private bool _isStale = true;
    private Instant _notBefore;

    /// <summary>Whether the peer takes our requests.</summary>
    public bool IsSupported => _minAckDelay is not null;

    /// <summary>Whether a request is to be sent.</summary>
    public bool IsDue { get; private set; }

    /// <summary>How long the peer may hold back an acknowledgement, as far as we know.</summary>
    /// <remarks>§7: while a request is unacknowledged, the greater of what holds without it and what it asks for.</remarks>
    public TimeSpan PeerMaxAckDelay => _uncertain > _certain ? _uncertain : _certain;

    /// <summary>Requests sent so far.</summary>
    public ulong Sent => _nextSequence;

    /// <summary>The peer's transport parameters came.</summary>
    /// <param name="maxAckDelay">Its max_ack_delay.</param>
    /// <param name="minAckDelay">Its min_ack_delay in microseconds; null when it takes no requests.</param>
    public void OnPeerParameters(TimeSpan maxAckDelay, ulong? minAckDelay) => (_certain, _minAckDelay) = (maxAckDelay, minAckDelay);

    /// <summary>Another acknowledgement was processed: is there anything new to ask for?</summary>
    /// <param name="now">The time.</param>
    /// <param name="rtt">The path's round-trip time.</param>
    /// <param name="windowPackets">Full-sized packets that fit the congestion window.</param>
    /// <param name="inSlowStart">Whether that grows as fast as it may.</param>
    /// <param name="datagramsSent">DATAGRAM frames sent so far.</param>
    public void Consider(Instant now, in RttEstimator rtt, ulong windowPackets, bool inSlowStart, ulong datagramsSent)
    {
        if (_minAckDelay is not { } least || IsDue || _awaitsAcknowledgement || datagramsSent < BulkDatagrams || now < _notBefore || !rtt.HasSample) return;
        // §8.1: where the peer's timer is no quicker than the path, the ordinary rule serves better.
        if (Microseconds(rtt.Min) < least) return;
        ulong packets = Math.Clamp(windowPackets / (inSlowStart ? AcksInSlowStart : AcksInWindow), 2, MaxPackets);
        ulong delay = Math.Clamp(Microseconds(rtt.Smoothed) / AcksInRoundTrip, least, MaxDelay);
        if (!_isStale && !Differ(packets, _packets) && !Differ(delay, _delay)) return;
        (_packets, _delay, IsDue) = (packets, delay, true);
    }

    /// <summary>Takes the request that is due.</summary>
    /// <param name="now">When it is sent.</param>
    /// <param name="roundTrip">The smoothed round-trip time, before which no other request follows.</param>
    public AckFrequencyFrame Take(Instant now, TimeSpan roundTrip)
    {
        IsDue = _isStale = false;
        _awaitsAcknowledgement = true;
        _notBefore = now + roundTrip;
        TimeSpan delay = TimeSpan.FromTicks((long)_delay * TimeSpan.TicksPerMicrosecond);
        if (delay > _uncertain) _uncertain = delay;
        // §9: a smaller threshold than that of loss detection brings acknowledgements that decide nothing, a larger one delays it.
        return new AckFrequencyFrame(_nextSequence++, _packets - 1, _delay, LossDetection.PacketThreshold);
    }

    /// <summary>The peer has a request.</summary>
    public void OnAcknowledged(ulong sequence)
    {
        if (sequence + 1 != _nextSequence) return;
        _awaitsAcknowledgement = false;
        _certain = TimeSpan.FromTicks((long)_delay * TimeSpan.TicksPerMicrosecond);
        _uncertain = TimeSpan.Zero;
    }

    /// <summary>A request was lost: another takes its place, unless one did already. It may arrive yet, so what it asked for still counts.</summary>
    public void OnLost(ulong sequence)
    {
        if (sequence + 1 != _nextSequence || !_awaitsAcknowledgement) return;
        _awaitsAcknowledgement = false;
        IsDue = true;
    }

    /// <summary>The peer is reached over another path: what was asked for was meant for the former.</summary>
    /// <remarks>§8.4</remarks>
    public void OnPathChanged()
    {
        _isStale = true;
        IsDue = false;
    }

    // By more than half: the window of a congestion controller moves less from one loss to the next.
    private static bool Differ(ulong left, ulong right) => Math.Max(left, right) * 2 > Math.Min(left, right) * 3;

    private static ulong Microseconds(TimeSpan time) => (ulong)(time.Ticks / TimeSpan.TicksPerMicrosecond);
}
