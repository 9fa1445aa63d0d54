namespace Vpr.Interop.Linux.Tests;

/// <summary>What a steady flow allocates on its thread.</summary>
internal static class Allocations
{
    private const int Attempts = 5;

    /// <summary>Runs a flow until it allocates nothing, and fails when it always does.</summary>
    /// <remarks>
    /// Whatever a packet costs shows every time. What the runtime has to do on this thread in passing shows once or twice: a loop compiled anew while it runs, or the rest of an
    /// allocation context that a collection takes away.
    /// </remarks>
    internal static void AssertNone(Action flow)
    {
        flow();
        long[] allocated = new long[Attempts];
        for (int i = 0; i < Attempts; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            flow();
            allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated[i] == 0) return;
        }

        Assert.Fail($"bytes allocated: {string.Join(", ", allocated)}");
    }
}
