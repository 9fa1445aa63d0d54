using System.Diagnostics;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>What a packet of 1300 bytes costs the engine each way, and where it goes: <c>Vpr.Perf.Micro packet</c>.</summary>
/// <remarks>Tunnels with the end-to-end layer on and off take turns; figures are medians. Parts are timed by themselves, turn by turn.</remarks>
internal static class PacketReport
{
    /// <summary>What a packet may take each way with the end-to-end layer off, in nanoseconds.</summary>
    private const double Goal = 800;

    private const int Rounds = 4_000;
    private const int WarmUpRounds = 2_000;
    private const int PartRounds = 400;
    private const int PartRepetitions = 500;
    private const int Attempts = 3;

    /// <summary>Measures and prints.</summary>
    /// <returns>0; 1 where a packet takes longer than the goal, or anything is allocated.</returns>
    public static int Run()
    {
        using PacketPath plain = new(seals: false), sealing = new(seals: true);
        bool isGood = false;
        Console.WriteLine($"{"1300 B, ns a packet",-34} {"plain",9} {"sealed",9}");
        for (int attempt = 0; attempt < Attempts && !isGood; attempt++) isGood = Path(plain, sealing);
        Console.WriteLine();
        Parts(plain);
        return isGood ? 0 : 1;
    }

    private static bool Path(PacketPath plain, PacketPath sealing)
    {
        double[][] ofPlain = Table(), ofSealing = Table();
        Span<long> ticks = stackalloc long[PacketPath.Passages.Count];
        long arrived = 0, allocated = 0;
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            if (round == 0)
            {
                arrived = plain.Pair.Arrived.Count + sealing.Pair.Arrived.Count;
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            plain.Round(ticks);
            if (round >= 0) Note(ofPlain, round, ticks);
            sealing.Round(ticks);
            if (round >= 0) Note(ofSealing, round, ticks);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        arrived = plain.Pair.Arrived.Count + sealing.Pair.Arrived.Count - arrived;
        double sent = Row("TUN buffer to wire buffer", PacketPath.Passages.Out);
        double received = Row("wire buffer to delivery", PacketPath.Passages.In);
        Row("acknowledgement of a run, made", PacketPath.Passages.AckOut);
        Row("acknowledgement of a run, taken", PacketPath.Passages.AckIn);
        Console.WriteLine($"allocated by {2 * Rounds} rounds: {allocated} B; arrived {arrived} of {2L * Rounds * PacketPath.RunLength}");
        return allocated == 0 && sent <= Goal && received <= Goal;

        double Row(string name, int passage)
        {
            double median = Median(ofPlain[passage]);
            Console.WriteLine($"{name,-34} {median,9:F0} {Median(ofSealing[passage]),9:F0}");
            return median;
        }
    }

    private static void Parts(PacketPath plain)
    {
        using Part.Set parts = new(plain);
        double[][] times = [.. parts.All.Select(static _ => new double[PartRounds])];
        for (int round = -PartRounds; round < PartRounds; round++)
        {
            for (int i = 0; i < parts.All.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                parts.All[i].Run(PartRepetitions);
                if (round >= 0) times[i][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / PartRepetitions;
            }
        }

        Console.WriteLine($"{"parts, ns a packet",-44} {"median",7}");
        for (int i = 0; i < parts.All.Length; i++) Console.WriteLine($"{parts.All[i].Name,-44} {Median(times[i]),7:F1}");
    }

    private static double[][] Table() => [.. Enumerable.Range(0, PacketPath.Passages.Count).Select(static _ => new double[Rounds])];

    private static void Note(double[][] table, int round, ReadOnlySpan<long> ticks)
    {
        for (int passage = 0; passage < ticks.Length; passage++)
            table[passage][round] = Stopwatch.GetElapsedTime(0, ticks[passage]).TotalNanoseconds / PacketPath.RunLength;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
