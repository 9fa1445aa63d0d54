namespace Vpr.Testing;

/// <summary>Loses exactly the datagrams that a test names.</summary>
/// <param name="drops">Asked for each datagram with its direction, and its number from 0 among those of that direction.</param>
public sealed class DropLink(Func<LinkDirection, int, bool> drops) : Link
{
    private readonly int[] _seen = new int[2];

    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (drops(direction, _seen[(int)direction]++)) network.Drop(datagram);
        else network.Forward(datagram, TimeSpan.Zero);
    }
}
