using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Interop.Linux.Tests;

public sealed class ClockAndRandomTests
{
    [Fact]
    public void The_clock_never_goes_back_and_keeps_pace_with_the_system_uptime()
    {
        Instant last = MonotonicClock.Now;
        for (int i = 0; i < 100_000; i++)
        {
            Instant now = MonotonicClock.Now;
            Assert.True(now >= last);
            last = now;
        }

        // CLOCK_MONOTONIC is the uptime without the time asleep, so it cannot be ahead of it.
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(last.Nanoseconds / 1e9, 1, uptime + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(100_000)]
    public void Random_bytes_fill_the_whole_span_and_differ_each_time(int length)
    {
        byte[] secret = new byte[length], again = new byte[length], shown = new byte[length];
        OsRandomSource.Instance.FillSecret(secret);
        OsRandomSource.Instance.FillSecret(again);
        OsRandomSource.Instance.FillPublic(shown);
        if (length < 32) return;
        Assert.NotEqual(secret, again);
        Assert.NotEqual(secret, shown);
        // 64 equal bytes at the end would be a call that stopped early.
        Assert.Contains(secret[^16..], value => value != 0);
        Assert.Contains(shown[^16..], value => value != 0);
    }

    [Fact]
    public void Public_bytes_of_small_requests_do_not_repeat_and_allocate_nothing()
    {
        HashSet<ulong> seen = [];
        byte[] eight = new byte[8];
        for (int i = 0; i < 1_000; i++)
        {
            OsRandomSource.Instance.FillPublic(eight);
            Assert.True(seen.Add(BitConverter.ToUInt64(eight)));
        }

        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                OsRandomSource.Instance.FillPublic(eight);
                OsRandomSource.Instance.FillSecret(eight);
            }
        });
    }
}
