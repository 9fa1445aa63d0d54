using FsCheck.Xunit;

namespace Vpr.Io.Tests;

public class InstantTests
{
    [Fact]
    public void Never_stays_never_whatever_is_added()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
        Assert.Equal(Instant.Never, Instant.Never - TimeSpan.FromDays(1));
    }

    [Fact]
    public void A_sum_past_the_end_of_time_is_never()
    {
        Instant late = new(long.MaxValue - 50);
        Assert.Equal(Instant.Never, late + TimeSpan.FromTicks(1));
        Assert.Equal(Instant.Never, new Instant(1) + TimeSpan.MaxValue);
        Assert.Equal(Instant.Never, new Instant(long.MaxValue / 2) + TimeSpan.FromTicks(long.MaxValue / 150));
    }

    [Fact]
    public void A_tick_is_a_hundred_nanoseconds()
    {
        Assert.Equal(new Instant(1_100), new Instant(1_000) + TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(3), new Instant(1_300) - new Instant(1_000));
        Assert.Equal(TimeSpan.FromTicks(-3), new Instant(1_000) - new Instant(1_300));
    }

    [Property]
    public bool Adding_and_taking_away_gives_back_the_same(uint start, int ticks)
    {
        Instant instant = new((long)start * 1_000 + 1_000_000_000_000_000);
        TimeSpan duration = TimeSpan.FromTicks(ticks);
        return instant + duration - duration == instant && instant + duration - instant == duration;
    }

    [Property]
    public bool Order_is_that_of_the_numbers(long left, long right)
    {
        (Instant a, Instant b) = (new(left), new(right));
        return a < b == left < right && a > b == left > right && a <= b == left <= right && a >= b == left >= right
            && Instant.Min(a, b).Nanoseconds == Math.Min(left, right) && Instant.Max(a, b).Nanoseconds == Math.Max(left, right)
            && Math.Sign(a.CompareTo(b)) == Math.Sign(left.CompareTo(right));
    }
}
