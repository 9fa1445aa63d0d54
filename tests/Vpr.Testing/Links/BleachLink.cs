using Vpr.Io;

namespace Vpr.Testing;

/// <summary>Clears the ECN bits of every datagram, as some routers do.</summary>
public sealed class BleachLink : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        datagram.Ecn = EcnCodepoint.NotEct;
        network.Forward(datagram, TimeSpan.Zero);
    }
}
