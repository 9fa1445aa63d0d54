using System.ComponentModel;
using System.Runtime.InteropServices;
using Vpr.Testing;
using Xunit;

namespace Vpr.Laboratory;

/// <summary>Four hosts in a row (see network.sh), a directory for their files, and the programs that run in them; everything is gone when it is disposed.</summary>
public sealed class LabNetwork : IDisposable
{
    /// <summary>The server's address on the underlay.</summary>
    public const string ServerAddress = "203.0.113.2";

    /// <summary>The target's addresses, which only the server reaches.</summary>
    public const string TargetAddress4 = "192.0.2.2", TargetAddress6 = "2001:db8:3::2";

    private const int CLONE_NEWNET = 0x40000000;

    /// <summary>What a capture on the underlay takes: all but what hosts say to their own link, as address resolution and multicast membership.</summary>
    public const string CaptureFilter = "not arp and not icmp6 and not ip6 dst net ff02::/16";

    private static readonly TimeSpan s_commandLimit = TimeSpan.FromSeconds(60);
    private static int s_count;

    private readonly List<LabProcess> _processes = [];
    private readonly string _prefix = $"vprt{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";

    /// <summary>Builds the network; it answers on every link.</summary>
    public LabNetwork()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("vpr-lab-").FullName;
        RunScript("up");
    }

    /// <summary>Where the hosts keep their files.</summary>
    public string Directory { get; }

    /// <summary>Adds a client beside the first.</summary>
    /// <param name="number">1 to 9.</param>
    /// <returns>The host's name.</returns>
    public string AddClient(int number)
    {
        RunScript("client", $"{number}");
        return $"client{number}";
    }

    /// <summary>The command line that runs a command in a host.</summary>
    public string[] In(string host, params string[] command) => ["ip", "netns", "exec", $"{_prefix}-{host}", .. command];

    /// <summary>Starts a program in a host; it is killed with the network if it still runs then.</summary>
    public LabProcess Start(string host, params string[] command)
    {
        var process = new LabProcess(In(host, command));
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs a program in a host to its end.</summary>
    public CommandResult Run(string host, params string[] command) => Run(s_commandLimit, host, command);

    /// <summary>Runs a program in a host to its end, which may take its time.</summary>
    public CommandResult Run(TimeSpan limit, string host, params string[] command)
    {
        using var process = new LabProcess(In(host, command));
        int code = process.WaitForExit(limit);
        return new CommandResult(code, process.Output, process.Errors);
    }

    /// <summary>Runs code of ours in a host: sockets that it opens are the host's, and stay so.</summary>
    public void Within(string host, Action body) => OwnThread.Run(() =>
    {
        using (SafeHandle handle = File.OpenHandle($"/run/netns/{_prefix}-{host}"))
        {
            if (setns(handle, CLONE_NEWNET) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        body();
    });

    /// <summary>Runs a program that has to succeed, and gives its output.</summary>
    public string Check(string host, params string[] command)
    {
        CommandResult result = Run(host, command);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)} ended with {result.ExitCode}\n{result.Output}\n{result.Errors}");
        return result.Output;
    }

    /// <summary>All of a host's network configuration as text, to compare before and after.</summary>
    public string Snapshot(string host) => string.Join("\n--\n",
        Check(host, "ip", "-o", "link"),
        Check(host, "ip", "-o", "address"),
        Check(host, "ip", "rule"),
        Check(host, "ip", "-6", "rule"),
        Check(host, "ip", "route", "show", "table", "all"),
        Check(host, "ip", "-6", "route", "show", "table", "all"),
        Check(host, "nft", "list", "ruleset"),
        Check(host, "sysctl", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"));

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            foreach (LabProcess process in _processes) process.Dispose();
        }
        finally
        {
            RunScript("down");
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private void RunScript(string verb, params string[] arguments)
    {
        string script = Path.Combine(Repository.Root, "tests", "Vpr.Laboratory", "network.sh");
        using var process = new LabProcess(["bash", script, verb, _prefix, .. arguments]);
        int code = process.WaitForExit(s_commandLimit);
        if (code != 0) throw new InvalidOperationException($"network.sh {verb} ended with {code}: {process.Errors}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(SafeHandle descriptor, int kind);
}

/// <summary>What a finished program left.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors);
