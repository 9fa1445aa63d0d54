namespace Vpr.Testing;

/// <summary>Damages some datagrams: bits flip, or the end is cut off.</summary>
/// <param name="probability">How many, 0 to 1.</param>
public sealed class CorruptLink(double probability) : Link
{
    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (network.Random.Chance(probability)) Damage(network.Random, datagram);
        network.Forward(datagram, TimeSpan.Zero);
    }

    private static void Damage(SeededRandom random, SimulatedDatagram datagram)
    {
        if (random.Chance(0.2))
        {
            datagram.Length = random.Next(1, datagram.Length);
            return;
        }

        for (int flips = random.Next(1, 8); flips > 0; flips--)
            datagram.Payload[random.Next(0, datagram.Length - 1)] ^= (byte)(1 << random.Next(0, 7));
    }
}
