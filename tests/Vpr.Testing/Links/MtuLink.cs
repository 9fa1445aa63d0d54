namespace Vpr.Testing;

/// <summary>Loses datagrams that are too long, without a word, as a tunnel that filters ICMP does.</summary>
/// <param name="maxUdpPayload">The longest UDP payload that passes, in bytes.</param>
public sealed class MtuLink(int maxUdpPayload) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (datagram.Length > maxUdpPayload) network.Drop(datagram);
        else network.Forward(datagram, TimeSpan.Zero);
    }
}
