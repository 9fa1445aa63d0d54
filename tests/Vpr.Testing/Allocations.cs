namespace Vpr.Testing;

/// <summary>What a steady flow allocates on its thread.</summary>
/// <remarks>
/// Whatever the flow itself allocates shows in every run of it. What the runtime has to do on this thread in passing shows once or twice: a loop compiled anew while it runs, or the
/// rest of an allocation context that a collection in another thread takes away. So a flow is measured until one run of it allocated nothing.
/// </remarks>
public static class Allocations
{
    /// <summary>How often a flow is measured at most.</summary>
    public const int Attempts = 5;

    /// <summary>Runs a flow once unmeasured, so that its buffers have their size and its code is compiled, and then until a run allocates nothing.</summary>
    /// <param name="flow">What is to allocate nothing. It runs 2 to <c>1 + </c><see cref="Attempts"/> times, so what it counts is best counted anew in each run.</param>
    /// <exception cref="AllocationException">Every run allocated.</exception>
    public static void AssertNone(Action flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        flow();
        Span<long> allocated = stackalloc long[Attempts];
        for (int i = 0; i < Attempts; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            flow();
            allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated[i] == 0) return;
        }

        throw new AllocationException(allocated);
    }

    /// <summary>As <see cref="AssertNone(Action)"/> for a step that an object takes only once: each run gets an object of its own.</summary>
    /// <param name="prepare">Makes the object, not measured.</param>
    /// <param name="step">What is to allocate nothing. The object is disposed of after it.</param>
    /// <exception cref="AllocationException">Every run allocated.</exception>
    public static void AssertNone<T>(Func<T> prepare, Action<T> step)
        where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(prepare);
        ArgumentNullException.ThrowIfNull(step);
        T[] objects = new T[1 + Attempts];
        int next = 0;
        try
        {
            for (int i = 0; i < objects.Length; i++) objects[i] = prepare();
            AssertNone(() => step(objects[next++]));
        }
        finally
        {
            foreach (T prepared in objects) prepared?.Dispose();
        }
    }
}

/// <summary>Every run of a flow that is to allocate nothing allocated.</summary>
/// <param name="bytes">What each run allocated.</param>
public sealed class AllocationException(ReadOnlySpan<long> bytes) : Exception($"bytes allocated: {string.Join(", ", bytes.ToArray())}");
