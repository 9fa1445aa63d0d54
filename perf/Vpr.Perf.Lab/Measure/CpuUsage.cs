using System.Globalization;

namespace Vpr.Perf.Lab.Measure;

/// <summary>CPU time of the whole machine since it started, in seconds, from the first line of /proc/stat.</summary>
/// <param name="User">In user mode, niced or not.</param>
/// <param name="Kernel">In the kernel on behalf of processes.</param>
/// <param name="Interrupt">In interrupts and softirqs, which no process is charged for.</param>
/// <param name="Steal">What the hypervisor gave to others.</param>
/// <remarks>proc_stat(5)</remarks>
internal readonly record struct MachineCpu(double User, double Kernel, double Interrupt, double Steal)
{
    /// <summary>All but idleness and what was stolen.</summary>
    public double Busy => User + Kernel + Interrupt;

    /// <summary>Reads it.</summary>
    public static MachineCpu Read()
    {
        using StreamReader file = File.OpenText("/proc/stat");
        return Parse(file.ReadLine() ?? "");
    }

    /// <summary>From the line that begins with "cpu ".</summary>
    public static MachineCpu Parse(string line)
    {
        double[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(field => ClockTick.ToSeconds(field)).ToArray();
        return new MachineCpu(fields[0] + fields[1], fields[2], fields[5] + fields[6], fields[7]);
    }

    /// <summary>What passed between two readings.</summary>
    public static MachineCpu operator -(MachineCpu later, MachineCpu earlier) =>
        new(later.User - earlier.User, later.Kernel - earlier.Kernel, later.Interrupt - earlier.Interrupt, later.Steal - earlier.Steal);
}

/// <summary>CPU time of a process, all of its threads, in seconds.</summary>
/// <param name="User">In user mode.</param>
/// <param name="Kernel">In the kernel on its behalf.</param>
/// <param name="ChildrenUser">In user mode, of its children that have ended.</param>
/// <remarks>proc_pid_stat(5): fields 14 to 16.</remarks>
internal readonly record struct ProcessCpu(double User, double Kernel, double ChildrenUser)
{
    /// <summary>In user mode and in the kernel.</summary>
    public double Total => User + Kernel;

    /// <summary>Reads it; zero when the process is gone.</summary>
    public static ProcessCpu Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>The sum over several processes.</summary>
    public static ProcessCpu Read(IEnumerable<int> pids) => pids.Select(Read).Aggregate(default(ProcessCpu),
        (sum, one) => new ProcessCpu(sum.User + one.User, sum.Kernel + one.Kernel, sum.ChildrenUser + one.ChildrenUser));

    /// <summary>From the file's text; the name in it may hold spaces and parentheses.</summary>
    public static ProcessCpu Parse(string text)
    {
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessCpu(ClockTick.ToSeconds(fields[11]), ClockTick.ToSeconds(fields[12]), ClockTick.ToSeconds(fields[13]));
    }

    /// <summary>What passed between two readings.</summary>
    public static ProcessCpu operator -(ProcessCpu later, ProcessCpu earlier) =>
        new(later.User - earlier.User, later.Kernel - earlier.Kernel, later.ChildrenUser - earlier.ChildrenUser);
}

/// <summary>The unit of CPU times in /proc.</summary>
internal static class ClockTick
{
    // USER_HZ is 100 on every architecture .NET runs on.
    private const double PerSecond = 100;

    /// <summary>A field of a file in /proc, in seconds.</summary>
    public static double ToSeconds(string field) => long.Parse(field, CultureInfo.InvariantCulture) / PerSecond;
}
