namespace Vpr.Testing;

/// <summary>Takes the same time for every datagram.</summary>
/// <param name="delay">That time, one way.</param>
public sealed class DelayLink(TimeSpan delay) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction) =>
        network.Forward(datagram, delay);
}
