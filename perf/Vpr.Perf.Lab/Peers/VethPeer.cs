using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>No tunnel: what the link and the load generators allow.</summary>
internal sealed class VethPeer : Peer
{
    /// <summary>The peer's name.</summary>
    public const string PeerName = "veth";

    /// <inheritdoc/>
    public override string Name => PeerName;

    /// <inheritdoc/>
    public override string Description => "no tunnel";

    /// <inheritdoc/>
    public override string? Missing => null;

    /// <inheritdoc/>
    public override Task<RunningPeer> StartAsync(LabNetwork network, CancellationToken cancellation) =>
        Task.FromResult(new RunningPeer(network.ServerAddress, null, null));
}
