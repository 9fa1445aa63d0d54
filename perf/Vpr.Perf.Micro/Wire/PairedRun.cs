using System.Diagnostics;

namespace Vpr.Perf.Micro.Wire;

/// <summary>
/// Times two ways to do the same, turn by turn in one run, so that whatever else the machine does falls on both alike.
/// </summary>
/// <remarks>
/// A turn takes some hundred microseconds: long for the clock, short for the scheduler. Each way is judged by its quick turns, the tenth
/// percentile: the slow ones tell of interruptions.
/// </remarks>
internal static class PairedRun
{
    private const int Turns = 2_000;
    private const int WarmUpTurns = 200;

    /// <summary>The work of one turn: so many repetitions; the sum of what was read keeps it from being optimised away.</summary>
    public delegate long Turn(int repetitions);

    /// <summary>Runs both and compares.</summary>
    /// <param name="repetitions">Repetitions in a turn.</param>
    /// <param name="measured">The way in question.</param>
    /// <param name="baseline">The way it is held against.</param>
    /// <exception cref="InvalidOperationException">The two do not come to the same result.</exception>
    public static PairedResult Compare(int repetitions, Turn measured, Turn baseline)
    {
        if (measured(1) != baseline(1))
            throw new InvalidOperationException("The two ways do not come to the same result.");
        double[] ofMeasured = new double[Turns], ofBaseline = new double[Turns];
        long allocated = 0;
        for (int turn = -WarmUpTurns; turn < Turns; turn++)
        {
            // Who goes first alternates, so that neither always finds the caches of the other.
            bool isEven = (turn & 1) == 0;
            double first = Time(isEven ? measured : baseline, repetitions);
            double second = Time(isEven ? baseline : measured, repetitions);
            if (turn == 0)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            if (turn < 0)
                continue;
            (ofMeasured[turn], ofBaseline[turn]) = isEven ? (first, second) : (second, first);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new PairedResult(Quick(ofMeasured), Quick(ofBaseline), allocated);
    }

    private static double Time(Turn turn, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        turn(repetitions);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repetitions;
    }

    private static double Quick(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 10];
    }
}

/// <summary>The outcome of a <see cref="PairedRun"/>.</summary>
/// <param name="Measured">Nanoseconds of one repetition.</param>
/// <param name="Baseline">Nanoseconds of one repetition.</param>
/// <param name="Allocated">Bytes allocated by all turns of both.</param>
internal readonly record struct PairedResult(double Measured, double Baseline, long Allocated)
{
    /// <summary>Less than 1 where the measured way is quicker.</summary>
    public double Ratio => Measured / Baseline;
}
