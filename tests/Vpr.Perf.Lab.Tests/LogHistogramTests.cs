using FsCheck.Xunit;
using Vpr.Perf.Lab.Measure;

namespace Vpr.Perf.Lab.Tests;

public sealed class LogHistogramTests
{
    private static readonly double[] s_percents = [0.1, 1, 25, 50, 75, 90, 99, 99.9, 99.99, 100];

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 5_000)]
    [InlineData(3, 1_000_000)]
    [InlineData(4, 3_600_000_000_000)]
    public void Percentiles_are_the_exact_ones_to_one_part_in_128(int seed, long largest)
    {
        var random = new Random(seed);
        // Spread over the orders of magnitude, as latencies are.
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(largest, random.NextDouble()))];
        var histogram = new LogHistogram();
        foreach (long value in values) histogram.Record(value);

        Array.Sort(values);
        foreach (double percent in s_percents)
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(percent / 100 * values.Length) - 1)];
            long found = histogram.Percentile(percent);
            Assert.True(found >= exact && found - exact <= exact / 128.0, $"seed {seed}: p{percent} is {exact}, found {found}");
        }

        Assert.Equal(values[^1], histogram.Max);
    }

    [Property]
    public void A_single_value_is_every_percentile(long value)
    {
        long expected = Math.Max(0, value);
        var histogram = new LogHistogram();
        histogram.Record(value);
        Assert.Equal(expected, histogram.Percentile(50));
        Assert.Equal(expected, histogram.Percentile(100));
    }

    [Fact]
    public void Buckets_rebuild_the_histogram_and_added_histograms_equal_one()
    {
        var random = new Random(5);
        LogHistogram first = new(), second = new(), both = new(), rebuilt = new();
        for (int i = 0; i < 10_000; i++)
        {
            long value = random.NextInt64(1, 50_000_000);
            (i % 3 == 0 ? first : second).Record(value);
            both.Record(value);
        }

        first.Add(second);
        foreach ((long upper, long count) in first.Buckets()) rebuilt.Record(upper, count);
        foreach (double percent in s_percents)
        {
            Assert.Equal(both.Percentile(percent), first.Percentile(percent));
            Assert.Equal(both.Percentile(percent), rebuilt.Percentile(percent));
        }

        Assert.Equal(both.Count, rebuilt.Count);
    }

    [Theory]
    [InlineData(50, 2)]
    [InlineData(99, 100)]
    [InlineData(99.9, 1_000)]
    [InlineData(99.99, 10_000)]
    public void A_percentile_needs_one_value_beyond_it(double percent, int needed)
    {
        var histogram = new LogHistogram();
        histogram.Record(1, needed - 1);
        Assert.False(histogram.Resolves(percent));
        histogram.Record(1);
        Assert.True(histogram.Resolves(percent));
    }

    [Fact]
    public void An_empty_one_has_no_percentile() => Assert.Throws<InvalidOperationException>(() => new LogHistogram().Percentile(50));
}
