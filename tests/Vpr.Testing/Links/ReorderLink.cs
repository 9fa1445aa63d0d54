namespace Vpr.Testing;

/// <summary>Holds some datagrams back, so that later ones overtake them.</summary>
/// <param name="probability">How many, 0 to 1.</param>
/// <param name="hold">For how long.</param>
public sealed class ReorderLink(double probability, TimeSpan hold) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction) =>
        network.Forward(datagram, network.Random.Chance(probability) ? hold : TimeSpan.Zero);
}
