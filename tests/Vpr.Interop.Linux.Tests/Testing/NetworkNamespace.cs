using System.Runtime.InteropServices;
using Vpr.Testing;

namespace Vpr.Interop.Linux.Tests;

/// <summary>Runs a test in a network namespace of its own, with loopback up; the namespace ends with the test's thread and descriptors.</summary>
internal static class NetworkNamespace
{
    private const int CLONE_NEWNET = 0x40000000;

    /// <summary>Why namespaces cannot be made here, or <see langword="null"/>.</summary>
    internal static string? Unavailable { get; } = Try();

    /// <summary>Runs <paramref name="body"/> on a thread inside a fresh namespace; programs it starts are inside as well.</summary>
    internal static void Run(Action body) => OwnThread.Run(() =>
    {
        Enter();
        Tool.Run("ip", "link set lo up");
        body();
    });

    private static void Enter()
    {
        if (unshare(CLONE_NEWNET) != 0)
            throw new LinuxException("unshare CLONE_NEWNET", (LinuxErrorCode)Marshal.GetLastPInvokeError());
    }

    private static string? Try()
    {
        try
        {
            OwnThread.Run(Enter);
            return Tool.Find("ip") is null ? "needs iproute2 to set a namespace up" : null;
        }
        catch (LinuxException exception)
        {
            return $"needs root to make a network namespace ({exception.Code})";
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);
}
