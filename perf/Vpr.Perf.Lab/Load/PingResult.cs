using System.Globalization;
using System.Text.RegularExpressions;
using Vpr.Perf.Lab.Measure;

namespace Vpr.Perf.Lab.Load;

/// <summary>The round trips of a run of ping(8), in the order they were sent.</summary>
/// <param name="Sent">How many were sent.</param>
/// <param name="RoundTrips">The time of each that was answered, nanoseconds.</param>
internal sealed partial record PingResult(int Sent, IReadOnlyList<long> RoundTrips)
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>The part that was not answered, percent.</summary>
    public double LossPercent => Sent == 0 ? 0 : Math.Max(0, 100.0 * (Sent - RoundTrips.Count) / Sent);

    /// <summary>The mean difference between one round trip and the next, nanoseconds.</summary>
    /// <remarks>The absolute inter-packet delay variation of RFC 3393 §4.5, averaged.</remarks>
    public double Jitter => RoundTrips.Count < 2 ? 0 : RoundTrips.Zip(RoundTrips.Skip(1), (one, next) => (double)Math.Abs(next - one)).Average();

    /// <summary>All of them as a histogram.</summary>
    public LogHistogram ToHistogram()
    {
        var histogram = new LogHistogram();
        foreach (long roundTrip in RoundTrips) histogram.Record(roundTrip);
        return histogram;
    }

    /// <summary>Reads ping's output.</summary>
    /// <exception cref="BenchException">It is none.</exception>
    public static PingResult Parse(string output)
    {
        Match summary = SummaryPattern().Match(output);
        if (!summary.Success) throw new BenchException($"ping gave no result: {output.Trim()[..Math.Min(200, output.Trim().Length)]}");
        return new PingResult(
            int.Parse(summary.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            [.. ReplyPattern().Matches(output).Select(match => (long)(double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * NanosecondsPerMillisecond))]);
    }

    [GeneratedRegex(@"([0-9]+) packets transmitted")]
    private static partial Regex SummaryPattern();

    // A duplicate of a reply says so at its end and is no round trip of its own.
    [GeneratedRegex(@"icmp_seq=[0-9]+ .*time=([0-9.]+) ms\r?$", RegexOptions.Multiline)]
    private static partial Regex ReplyPattern();
}
