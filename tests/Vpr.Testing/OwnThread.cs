using System.Runtime.ExceptionServices;

namespace Vpr.Testing;

/// <summary>Runs code on a thread that ends with it, for what changes the thread: the kernel keeps network namespaces by thread.</summary>
public static class OwnThread
{
    /// <summary>Runs <paramref name="body"/> to its end; what it throws is thrown here.</summary>
    public static void Run(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                body();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
