using System.Net;
using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>TUN to UDP and back by this program itself, through the product's own interop, without crypto or protocol: what the engine's own work is measured against.</summary>
internal sealed class NullPeer(NullTunnelMode mode) : Peer
{
    // What is left of 1500 bytes for VPR's inner packets, about: equal packets make equal work.
    private const int Mtu = 1408;

    private const int Port = 5000;

    /// <inheritdoc/>
    public override string Name => NullTunnel.PeerName(mode);

    /// <inheritdoc/>
    public override string Description => NullTunnel.Describe(mode);

    /// <inheritdoc/>
    public override string? Missing => File.Exists("/dev/net/tun") ? null : "needs /dev/net/tun";

    /// <inheritdoc/>
    public override async Task<RunningPeer> StartAsync(LabNetwork network, CancellationToken cancellation)
    {
        ChildProcess server = await StartEndAsync(network.Server, "null-server", network.ServerAddress, network.ClientAddress, InnerLink.ServerAddress, cancellation).ConfigureAwait(false);
        try
        {
            ChildProcess client = await StartEndAsync(network.Client, "null-client", network.ClientAddress, network.ServerAddress, InnerLink.ClientAddress, cancellation).ConfigureAwait(false);
            return new RunningPeer(InnerLink.ServerAddress, client, server);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private async Task<ChildProcess> StartEndAsync(string host, string device, IPAddress local, IPAddress remote, IPAddress inner, CancellationToken cancellation)
    {
        ChildProcess end = ChildProcess.Start(LabNetwork.In(host, [.. SelfCommand.Line, "null-tunnel", "--device", device,
            "--local", $"{local}:{Port}", "--remote", $"{remote}:{Port}", "--mode", $"{mode}", "--mtu", $"{Mtu}"]));
        try
        {
            await end.WaitForTextAsync(NullTunnel.ReadyText, StartLimit, cancellation).ConfigureAwait(false);
            await InnerLink.ConfigureAsync(host, device, inner, Mtu, cancellation).ConfigureAwait(false);
            return end;
        }
        catch
        {
            end.Dispose();
            throw;
        }
    }
}
