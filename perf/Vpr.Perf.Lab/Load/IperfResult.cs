using System.Text.Json;

namespace Vpr.Perf.Lab.Load;

/// <summary>What iperf3 says of a TCP run in its JSON.</summary>
/// <param name="Bytes">Payload that the receiver got.</param>
/// <param name="BitsPerSecond">The receiver's rate.</param>
/// <param name="Retransmits">Segments sent again, where the sender's system tells.</param>
/// <param name="SegmentSize">The maximum segment size, bytes.</param>
/// <param name="Intervals">The rate of each interval, bits per second.</param>
internal sealed record IperfResult(long Bytes, double BitsPerSecond, long Retransmits, int SegmentSize, IReadOnlyList<double> Intervals)
{
    /// <summary>Reads the JSON.</summary>
    /// <exception cref="BenchException">It is none, or says that the run failed.</exception>
    public static IperfResult Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("error", out JsonElement error)) throw new BenchException($"iperf3: {error.GetString()}");
            JsonElement end = root.GetProperty("end"), received = end.GetProperty("sum_received");
            return new IperfResult(
                received.GetProperty("bytes").GetInt64(),
                received.GetProperty("bits_per_second").GetDouble(),
                end.GetProperty("sum_sent").TryGetProperty("retransmits", out JsonElement retransmits) ? retransmits.GetInt64() : 0,
                root.GetProperty("start").GetProperty("tcp_mss_default").GetInt32(),
                [.. root.GetProperty("intervals").EnumerateArray().Select(interval => interval.GetProperty("sum").GetProperty("bits_per_second").GetDouble())]);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BenchException($"iperf3 gave no result: {json.Trim()[..Math.Min(200, json.Trim().Length)]}", fault);
        }
    }
}
