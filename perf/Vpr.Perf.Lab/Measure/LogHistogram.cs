using System.Numerics;

namespace Vpr.Perf.Lab.Measure;

/// <summary>Counts of durations in buckets whose width grows with the value, so that every percentile is exact to 1/128 of itself from a nanosecond to hours.</summary>
/// <remarks>
/// The bucket layout of high dynamic range histograms: below 256 every value has its own bucket; above, each power of two is cut into 128.
/// Histograms of several rounds are added by adding their counts.
/// </remarks>
internal sealed class LogHistogram
{
    private const int PrecisionBits = 7;
    private const int BucketCount = (64 - PrecisionBits) << PrecisionBits;

    private readonly long[] _counts = new long[BucketCount];

    /// <summary>How many values were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value, in nanoseconds; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Records one value.</summary>
    /// <param name="nanoseconds">The duration; a negative one counts as 0.</param>
    public void Record(long nanoseconds) => Record(nanoseconds, 1);

    /// <summary>Records a value several times.</summary>
    public void Record(long nanoseconds, long times)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[IndexOf(value)] += times;
        Count += times;
        Max = Math.Max(Max, value);
    }

    /// <summary>Adds what another histogram recorded.</summary>
    public void Add(LogHistogram other)
    {
        for (int i = 0; i < BucketCount; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The smallest bucket's upper end at or below which the given part of all values lies, in nanoseconds.</summary>
    /// <param name="percent">Above 0, up to 100.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public long Percentile(double percent)
    {
        if (Count == 0) throw new InvalidOperationException("The histogram is empty.");
        long rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Count);
        long seen = 0;
        for (int i = 0; ; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return Math.Min(UpperEnd(i), Max);
        }
    }

    /// <summary>Whether there are enough values for a percentile to mean something: at least one lies beyond it on average.</summary>
    public bool Resolves(double percent) => Count * (100 - percent) >= 100 - 1e-6;

    /// <summary>The buckets that are not empty, by their upper ends in nanoseconds.</summary>
    public IEnumerable<(long UpperNanoseconds, long Count)> Buckets()
    {
        for (int i = 0; i < BucketCount; i++)
        {
            if (_counts[i] > 0) yield return (Math.Min(UpperEnd(i), Max), _counts[i]);
        }
    }

    private static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - PrecisionBits);
        return (shift << PrecisionBits) + (int)(value >> shift);
    }

    private static long UpperEnd(int index)
    {
        int shift = Math.Max(0, (index >> PrecisionBits) - 1);
        long mantissa = index - ((long)shift << PrecisionBits);
        return (mantissa << shift) + (1L << shift) - 1;
    }
}
