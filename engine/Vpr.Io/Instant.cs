namespace Vpr.Io;

/// <summary>A point on a monotonic clock that the host owns.</summary>
/// <remarks>
/// Protocol code never reads a clock: every entry point that needs the time takes an <see cref="Instant"/>.
/// The origin is arbitrary, so instants of two processes cannot be compared.
/// </remarks>
/// <param name="Nanoseconds">Nanoseconds since the clock's origin; 0 to about 292 years.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>Later than any deadline; stands for "never" where an optional would cost a branch.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <summary>This instant moved by <paramref name="duration"/>; <see cref="Never"/> stays what it is.</summary>
    public static Instant operator +(Instant instant, TimeSpan duration)
    {
        if (instant.Nanoseconds == long.MaxValue) return instant;
        long sum = unchecked(instant.Nanoseconds + duration.Ticks * 100);
        return sum < instant.Nanoseconds && duration > TimeSpan.Zero ? Never : new Instant(sum);
    }

    /// <summary>This instant moved back by <paramref name="duration"/>.</summary>
    public static Instant operator -(Instant instant, TimeSpan duration) => instant + -duration;

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>, in ticks of 100 ns; negative when the order is reversed.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) =>
        TimeSpan.FromTicks((later.Nanoseconds - earlier.Nanoseconds) / 100);

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant left, Instant right) => left < right ? left : right;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left > right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);
}
