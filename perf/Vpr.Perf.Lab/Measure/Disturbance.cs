using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Measure;

/// <summary>What others did to a measurement.</summary>
/// <param name="ForeignCpus">User-mode CPU time of programs that are not the laboratory's, per second: 1 is one busy core.</param>
/// <param name="StealShare">The part of all cores' time that the hypervisor gave to others, 0 to 1.</param>
internal sealed record Disturbance(double ForeignCpus, double StealShare)
{
    /// <summary>Whether a measurement is to be discarded.</summary>
    public bool Exceeds(DisturbanceLimits limits) => ForeignCpus > limits.ForeignCpus || StealShare > limits.StealShare;
}

/// <summary>Above which disturbance a measurement is discarded.</summary>
/// <param name="ForeignCpus">User-mode CPU time of other programs, in cores.</param>
/// <param name="StealShare">The part of all cores' time stolen, 0 to 1.</param>
/// <param name="Retries">How often a disturbed measurement is taken again before it is given up for its round.</param>
/// <param name="QuietWait">How long to wait at most for the machine to be quiet before a measurement.</param>
internal sealed record DisturbanceLimits(double ForeignCpus, double StealShare, int Retries, TimeSpan QuietWait);

/// <summary>Watches the machine while something is measured.</summary>
/// <remarks>Time in the kernel cannot be told apart by whose packets it served, time in user mode can: what is left of it after our own programs is foreign.</remarks>
internal sealed class DisturbanceMeter
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(300);

    private readonly long _start = Environment.TickCount64;
    private readonly MachineCpu _machine = MachineCpu.Read();
    private readonly double _own = OwnUserSeconds();

    /// <summary>What happened since this was made.</summary>
    public Disturbance Read()
    {
        double seconds = Math.Max(0.01, (Environment.TickCount64 - _start) / 1000.0);
        MachineCpu machine = MachineCpu.Read() - _machine;
        return new Disturbance(
            Math.Max(0, (machine.User - (OwnUserSeconds() - _own)) / seconds),
            Math.Max(0, machine.Steal / seconds / Environment.ProcessorCount));
    }

    /// <summary>Waits until nothing disturbs.</summary>
    /// <returns>False when it stayed noisy to the end of the wait.</returns>
    public static async Task<bool> WaitForQuietAsync(DisturbanceLimits limits, CancellationToken cancellation)
    {
        long end = Environment.TickCount64 + (long)limits.QuietWait.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            var meter = new DisturbanceMeter();
            await Task.Delay(s_look, cancellation).ConfigureAwait(false);
            if (!meter.Read().Exceeds(limits)) return true;
        }

        return false;
    }

    private static double OwnUserSeconds()
    {
        ProcessCpu self = ProcessCpu.Read(Environment.ProcessId);
        return self.User + self.ChildrenUser + ProcessCpu.Read(ChildProcess.Running).User;
    }
}
