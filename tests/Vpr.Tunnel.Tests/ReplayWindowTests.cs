using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Vpr.Tunnel.Tests;

[Trait("rfc", "6479")]
public sealed class ReplayWindowTests
{
    [Fact]
    public void The_first_counter_is_fresh_once()
    {
        var window = new ReplayWindow();
        Assert.True(window.IsFresh(0));
        window.Mark(0);
        Assert.False(window.IsFresh(0));
        Assert.True(window.IsFresh(1));
    }

    [Theory]
    [InlineData(8191UL, true)]
    [InlineData(8192UL, false)]
    [InlineData(1_000_000UL, false)]
    public void A_counter_is_too_old_a_window_behind(ulong distance, bool fresh)
    {
        var window = new ReplayWindow();
        window.Mark(2_000_000);
        Assert.Equal(fresh, window.IsFresh(2_000_000 - distance));
    }

    [Fact]
    public void A_leap_forgets_everything_before_it()
    {
        var window = new ReplayWindow();
        for (ulong counter = 0; counter < 20_000; counter++) window.Mark(counter);
        window.Mark(1UL << 40);
        // All words of the ring were in use: none of their bits may shine through in the new place.
        for (ulong behind = 1; behind < ReplayWindow.Size; behind++) Assert.True(window.IsFresh((1UL << 40) - behind));
    }

    [Property(MaxTest = 200)]
    public Property Agrees_with_a_set_of_all_counters_seen() =>
        Prop.ForAll(Gen.Choose(0, 30_000).ListOf(600).ToArbitrary(), counters =>
        {
            var window = new ReplayWindow();
            var seen = new HashSet<int>();
            int highest = 0;
            foreach (int counter in counters)
            {
                bool expected = counter > highest || (highest - counter < ReplayWindow.Size && !seen.Contains(counter));
                Assert.Equal(expected, window.IsFresh((ulong)counter));
                if (!expected) continue;
                window.Mark((ulong)counter);
                seen.Add(counter);
                highest = Math.Max(highest, counter);
            }
        });
}
