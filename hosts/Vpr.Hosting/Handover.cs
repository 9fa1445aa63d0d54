using System.Diagnostics;
using Vpr.Interop.Linux;

namespace Vpr.Hosting;

/// <summary>Takes what a process that was killed a moment ago may still hold: the kernel closes the files of an io_uring some time after the process is gone.</summary>
public static class Handover
{
    // Long enough for the kernel on a busy machine, short enough for a user whose port is taken for good.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens something, again and again while it is held.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="held">The kernel's word for "somebody has it".</param>
    /// <param name="cancellation">Ends the wait early, with the failure.</param>
    /// <exception cref="LinuxException">It is still held after two seconds, or cannot be opened for another reason.</exception>
    public static T Take<T>(Func<T> open, LinuxErrorCode held, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return open();
            }
            catch (LinuxException fault) when (fault.Code == held && Stopwatch.GetElapsedTime(start) < s_patience && !cancellation.IsCancellationRequested)
            {
                cancellation.WaitHandle.WaitOne(s_interval);
            }
        }
    }
}
