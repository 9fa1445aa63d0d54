using Vpr.Client.Control;
using Vpr.Hosting;

namespace Vpr.Client.Commands;

/// <summary><c>vpr-client down</c>: returns when the tunnel's process has put the network back.</summary>
internal static class DownCommand
{
    /// <summary>Takes a tunnel down.</summary>
    /// <exception cref="HostException">None of this name is up.</exception>
    public static void Run(string? interfaceName) => TunnelSockets.Ask(TunnelName.Choose(interfaceName), TunnelProcess.DownRequest);
}
