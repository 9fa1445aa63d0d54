using Vpr.Io;

namespace Vpr.Testing;

/// <summary>Sends at a limited rate, queues what comes faster, and drops from the tail when the queue is full.</summary>
/// <param name="bitsPerSecond">The rate each way, headers of IPv4 and UDP included.</param>
/// <param name="queueBytes">Bytes that may wait each way.</param>
/// <param name="markAboveBytes">Bytes waiting above which ECN-capable datagrams are marked; by default none is.</param>
public sealed class BottleneckLink(double bitsPerSecond, int queueBytes, int markAboveBytes = int.MaxValue) : Link
{
    private const int HeaderBytes = 28;

    private readonly Instant[] _busyUntil = new Instant[2];

    /// <summary>Datagrams dropped because the queue was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>Datagrams marked.</summary>
    public long Marked { get; private set; }

    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        ref Instant busyUntil = ref _busyUntil[(int)direction];
        Instant start = Instant.Max(network.Now, busyUntil);
        double waiting = (start - network.Now).TotalSeconds * bitsPerSecond / 8;
        int length = datagram.Length + HeaderBytes;
        if (waiting + length > queueBytes)
        {
            Dropped++;
            network.Drop(datagram);
            return;
        }

        if (waiting > markAboveBytes && datagram.Ecn is EcnCodepoint.Ect0 or EcnCodepoint.Ect1)
        {
            Marked++;
            datagram.Ecn = EcnCodepoint.CongestionExperienced;
        }

        busyUntil = start + TimeSpan.FromSeconds(length * 8 / bitsPerSecond);
        network.Forward(datagram, busyUntil - network.Now);
    }
}
