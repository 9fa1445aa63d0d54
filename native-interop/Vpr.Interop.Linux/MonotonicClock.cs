using System.Diagnostics;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>The host's clock: CLOCK_MONOTONIC in nanoseconds, which deadlines of <see cref="LoopPoller.Wait"/> are measured against.</summary>
/// <remarks>clock_gettime(2). It never goes back, and stands still while the machine sleeps.</remarks>
public static class MonotonicClock
{
    private static readonly long NanosecondsPerTick = 1_000_000_000 / Stopwatch.Frequency;

    /// <summary>The time now.</summary>
    public static Instant Now => new(Stopwatch.GetTimestamp() * NanosecondsPerTick);
}
