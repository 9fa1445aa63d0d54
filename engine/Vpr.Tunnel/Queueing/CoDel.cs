using Vpr.Io;

namespace Vpr.Tunnel.Queueing;

/// <summary>Controlled delay: says which packets of a queue must tell their sender to slow down, by the time that packets spend in it.</summary>
/// <remarks>RFC 8289 §5. One for each queue; it is asked about every packet that leaves.</remarks>
internal struct CoDel
{
    /// <summary>The delay that a queue may keep.</summary>
    /// <remarks>RFC 8290 §5.2</remarks>
    public static readonly TimeSpan Target = TimeSpan.FromMilliseconds(5);

    /// <summary>For so long it may be exceeded: a round trip of the world's greater ones.</summary>
    /// <remarks>RFC 8290 §5.2</remarks>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // A queue that was above the target so short a time ago is the same congestion still.
    private const int SameCongestion = 16;

    private Instant _firstAbove;
    private Instant _next;
    private int _count;
    private int _lastCount;
    private bool _isAbove;
    private bool _dropping;

    /// <summary>Judges the packet that leaves.</summary>
    /// <param name="now">The time.</param>
    /// <param name="enqueuedAt">When the packet came.</param>
    /// <param name="backlog">Bytes that are left behind it.</param>
    /// <param name="maxPacket">Bytes of the longest packet: a backlog of no more is no queue.</param>
    /// <returns>Whether it is to be dropped, or marked and delivered.</returns>
    public bool Judge(Instant now, Instant enqueuedAt, int backlog, int maxPacket)
    {
        bool stands = IsStanding(now, enqueuedAt, backlog, maxPacket);
        if (!stands)
        {
            _dropping = false;
            return false;
        }

        if (_dropping)
        {
            if (now < _next) return false;
            _count++;
            _next = After(_next);
            return true;
        }

        // RFC 8289 §5: where the rate of drops that was right the last time is likely to be right again, begin near it.
        _dropping = true;
        int former = _count - _lastCount;
        _count = former > 1 && now - _next < SameCongestion * Interval ? former : 1;
        _lastCount = _count;
        _next = After(now);
        return true;
    }

    /// <summary>The queue is empty.</summary>
    public void OnEmpty() => _isAbove = _dropping = false;

    private bool IsStanding(Instant now, Instant enqueuedAt, int backlog, int maxPacket)
    {
        if (now - enqueuedAt < Target || backlog <= maxPacket)
        {
            _isAbove = false;
            return false;
        }

        if (_isAbove) return now >= _firstAbove;
        _isAbove = true;
        _firstAbove = now + Interval;
        return false;
    }

    // RFC 8289 §5: drops come closer with the square root of their number, to which a TCP's rate answers linearly.
    private readonly Instant After(Instant instant) => instant + Interval / Math.Sqrt(_count);
}
