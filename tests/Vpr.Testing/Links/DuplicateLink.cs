namespace Vpr.Testing;

/// <summary>Delivers some datagrams twice, the second a little later.</summary>
/// <param name="probability">How many, 0 to 1.</param>
/// <param name="later">By at most how much.</param>
public sealed class DuplicateLink(double probability, TimeSpan later) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (network.Random.Chance(probability)) network.Forward(network.Copy(datagram), network.Random.UpTo(later));
        network.Forward(datagram, TimeSpan.Zero);
    }
}
