namespace Vpr.Testing;

/// <summary>Loses datagrams by chance, each for itself.</summary>
/// <param name="probability">How many, 0 to 1.</param>
public sealed class LossLink(double probability) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (network.Random.Chance(probability)) network.Drop(datagram);
        else network.Forward(datagram, TimeSpan.Zero);
    }
}
