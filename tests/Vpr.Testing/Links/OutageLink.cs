namespace Vpr.Testing;

/// <summary>Loses everything for a while.</summary>
/// <param name="start">When the outage begins, after the network's start.</param>
/// <param name="duration">How long it lasts.</param>
public sealed class OutageLink(TimeSpan start, TimeSpan duration) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (network.Elapsed >= start && network.Elapsed < start + duration) network.Drop(datagram);
        else network.Forward(datagram, TimeSpan.Zero);
    }
}
