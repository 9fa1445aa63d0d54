using Vpr.Io;

namespace Vpr.Masque;

/// <summary>A bucket of tokens, one an error: what a flood of bad packets can draw out of us.</summary>
/// <remarks>RFC 4443 §2.4 f, RFC 1812 §4.3.2.8</remarks>
public struct IcmpRateLimit
{
    /// <summary>Errors that may go out at once.</summary>
    public const int Burst = 20;

    /// <summary>Errors a second thereafter.</summary>
    public const int PerSecond = 100;

    private const long Interval = 1_000_000_000 / PerSecond;

    /// <summary>When the bucket will be, or was, full again; no time at all when it was never used.</summary>
    private Instant? _fullAt;

    /// <summary>Takes a token.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Whether an error may be sent.</returns>
    public bool TryTake(Instant now)
    {
        Instant fullAt = _fullAt is { } last ? Instant.Max(last, now) : now;
        if (fullAt.Nanoseconds - now.Nanoseconds > (Burst - 1) * Interval) return false;
        _fullAt = new Instant(fullAt.Nanoseconds + Interval);
        return true;
    }
}
