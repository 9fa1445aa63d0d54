namespace Vpr.Testing;

/// <summary>Takes a different time for every datagram, so that they overtake each other.</summary>
/// <param name="maximum">The longest time, one way; the shortest is none.</param>
public sealed class JitterLink(TimeSpan maximum) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction) =>
        network.Forward(datagram, network.Random.UpTo(maximum));
}
