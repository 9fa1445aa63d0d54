using System.Globalization;

namespace Vpr.Perf.Lab.Measure;

/// <summary>Memory and scheduling of a process.</summary>
/// <param name="ResidentMegabytes">Memory it holds now, MB.</param>
/// <param name="PeakMegabytes">The most it held, MB.</param>
/// <param name="ContextSwitches">How often its threads went to sleep or were put aside.</param>
/// <remarks>proc_pid_status(5): VmRSS, VmHWM; the switches of each thread stand in its own file.</remarks>
internal readonly record struct ProcessState(double ResidentMegabytes, double PeakMegabytes, long ContextSwitches)
{
    private const double KibibytesPerMegabyte = 1e6 / 1024;

    /// <summary>Reads it; zero when the process is gone.</summary>
    public static ProcessState Read(int pid)
    {
        try
        {
            ProcessState state = Parse(File.ReadAllText($"/proc/{pid}/status"));
            long switches = Directory.EnumerateDirectories($"/proc/{pid}/task").Sum(task => Parse(File.ReadAllText($"{task}/status")).ContextSwitches);
            return state with { ContextSwitches = switches };
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>From the text of one status file.</summary>
    public static ProcessState Parse(string text)
    {
        var state = default(ProcessState);
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) continue;
            state = words[0] switch
            {
                "VmRSS" => state with { ResidentMegabytes = Number(words[1]) / KibibytesPerMegabyte },
                "VmHWM" => state with { PeakMegabytes = Number(words[1]) / KibibytesPerMegabyte },
                "voluntary_ctxt_switches" or "nonvoluntary_ctxt_switches" => state with { ContextSwitches = state.ContextSwitches + Number(words[1]) },
                _ => state,
            };
        }

        return state;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
