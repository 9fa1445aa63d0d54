using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Vpr.Laboratory;

/// <summary>A program in one of the laboratory's hosts; killed by its pid when disposed.</summary>
public sealed class LabProcess : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly object _gate = new();
    private bool _disposed;

    public LabProcess(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        _process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    public string Output
    {
        get { lock (_gate) return _output.ToString(); }
    }

    public string Errors
    {
        get { lock (_gate) return _errors.ToString(); }
    }

    /// <summary>The process that became the program: what enters a host for it does so in its own process.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Waits for the program's end.</summary>
    /// <exception cref="TimeoutException">It goes on; the message holds what it said.</exception>
    public int WaitForExit(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
            throw new TimeoutException($"{_process.StartInfo.FileName} runs on after {limit}.\n{Output}\n{Errors}");
        _process.WaitForExit(); // drains the redirected streams
        return _process.ExitCode;
    }

    /// <summary>Waits until a text stands in the program's output.</summary>
    /// <exception cref="TimeoutException">It did not come, or the program ended without it.</exception>
    public void WaitForOutput(string text, TimeSpan limit)
    {
        long end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            while (!_output.ToString().Contains(text) && !_errors.ToString().Contains(text))
            {
                if (Stopwatch.GetTimestamp() > end || _process.HasExited)
                    throw new TimeoutException($"{_process.StartInfo.FileName} never said \"{text}\".\n{_output}\n{_errors}");
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Ends the program as a supervisor would.</summary>
    public int Terminate(TimeSpan limit)
    {
        SendSignal(_process.Id, SigTerm);
        return WaitForExit(limit);
    }

    /// <summary>Ends the program without giving it a chance: SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Ends the program if it still runs; the test that started it and its network may both call this.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Note(StringBuilder text, string? line)
    {
        lock (_gate)
        {
            if (line is not null) text.AppendLine(line);
            Monitor.PulseAll(_gate);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
