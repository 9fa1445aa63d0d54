using System.Runtime.InteropServices;

namespace Vpr.Perf.Lab.Load;

/// <summary>Lets a load generator run when its time has come, as a host of its own would, though it shares the cores with what it loads.</summary>
internal static class RealTimePriority
{
    private const int SCHED_FIFO = 1;
    private const int Lowest = 1;

    /// <summary>Takes it for the calling thread.</summary>
    /// <returns>False when the system does not permit it; the generator then works, only less evenly.</returns>
    /// <remarks>sched_setscheduler(2); struct sched_param holds one int.</remarks>
    public static bool TryTake()
    {
        int priority = Lowest;
        return sched_setscheduler(0, SCHED_FIFO, in priority) == 0;
    }

    [DllImport("libc")]
    private static extern int sched_setscheduler(int thread, int policy, in int priority);
}
