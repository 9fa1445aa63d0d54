using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Vpr.Perf.Lab.Namespaces;

/// <summary>What a finished program left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Errors">All of its standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>A program that the laboratory started, with what it says; ended by its pid when disposed.</summary>
/// <remarks>Those that run are listed, so that their CPU time can be told from other people's.</remarks>
internal sealed class ChildProcess : IDisposable
{
    private const int SigTerm = 15;

    // What a tunnel says in minutes of measuring is a few lines; a program that talks without end must not fill the memory.
    private const int OutputLimit = 64 << 20;

    private static readonly TimeSpan s_politeness = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<int, ChildProcess> s_running = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _spoke = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, string commandLine)
    {
        _process = process;
        CommandLine = commandLine;
        Id = process.Id;
        s_running[Id] = this;
        process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Note(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    /// <summary>The pids of all programs that the laboratory started and that have not been disposed.</summary>
    public static ICollection<int> Running => s_running.Keys;

    /// <summary>The pid.</summary>
    public int Id { get; }

    /// <summary>What was started, for messages.</summary>
    public string CommandLine { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it said so far.</summary>
    public string Output
    {
        get { lock (_gate) return _output.ToString(); }
    }

    /// <summary>What it complained about so far.</summary>
    public string Errors
    {
        get { lock (_gate) return _errors.ToString(); }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables to set besides those of this process.</param>
    /// <exception cref="BenchException">It does not start.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        string commandLine = string.Join(' ', command);
        try
        {
            return new ChildProcess(Process.Start(start)!, commandLine);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new BenchException($"{command[0]} does not start: {fault.Message}", fault);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellation)
    {
        using ChildProcess process = Start(command);
        int code = await process.WaitForExitAsync(limit, cancellation).ConfigureAwait(false);
        return new CommandResult(code, process.Output, process.Errors);
    }

    /// <summary>Runs a program that has to succeed.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="BenchException">It failed; the message holds what it said.</exception>
    public static async Task<string> CheckAsync(IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellation)
    {
        CommandResult result = await RunAsync(command, limit, cancellation).ConfigureAwait(false);
        return result.ExitCode == 0
            ? result.Output
            : throw new BenchException($"\"{string.Join(' ', command)}\" ended with {result.ExitCode}: {(result.Errors + result.Output).Trim()}");
    }

    /// <summary>Waits until a text stands in what the program said.</summary>
    /// <exception cref="BenchException">It did not come in time, or the program ended without it.</exception>
    public async Task WaitForTextAsync(string text, TimeSpan limit, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(limit);
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (Contains(_output, text) || Contains(_errors, text)) return;
                next = _spoke.Task;
            }

            try
            {
                Task first = await Task.WhenAny(next, _process.WaitForExitAsync(late.Token)).ConfigureAwait(false);
                await first.ConfigureAwait(false);
                if (first != next && !Contains(_output, text) && !Contains(_errors, text))
                    throw new BenchException($"\"{CommandLine}\" ended before it said \"{text}\": {(Errors + Output).Trim()}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new BenchException($"\"{CommandLine}\" did not say \"{text}\" within {limit.TotalSeconds:F0} s: {(Errors + Output).Trim()}");
            }
        }
    }

    /// <summary>Waits for the program's end and the rest of its output.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="BenchException">It goes on.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token).ConfigureAwait(false);
            return _process.ExitCode;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BenchException($"\"{CommandLine}\" runs on after {limit.TotalSeconds:F0} s: {(Errors + Output).Trim()}");
        }
    }

    /// <summary>Ends the program if it still runs: by SIGTERM, and by SIGKILL when that does not help.</summary>
    public void Dispose()
    {
        if (!s_running.TryRemove(Id, out _)) return;
        if (!_process.HasExited)
        {
            _ = SendSignal(Id, SigTerm);
            if (!_process.WaitForExit(s_politeness))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);

    private bool Contains(StringBuilder text, string part)
    {
        lock (_gate) return text.ToString().Contains(part, StringComparison.Ordinal);
    }

    private void Note(StringBuilder text, string? line)
    {
        TaskCompletionSource spoke;
        lock (_gate)
        {
            if (line is not null && text.Length + line.Length < OutputLimit) text.AppendLine(line);
            spoke = _spoke;
            _spoke = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        spoke.TrySetResult();
    }
}
