namespace Vpr.Io;

/// <summary>What a datagram socket leaves to the kernel.</summary>
[Flags]
public enum DatagramOffloads : byte
{
    /// <summary>Nothing: every datagram is sent and received by itself.</summary>
    None = 0,

    /// <summary>A run of equal-sized datagrams is sent as one, and cut where it leaves the host (UDP GSO).</summary>
    Segmentation = 1,

    /// <summary>Neighbouring datagrams of one sender are received as one run (UDP GRO).</summary>
    Receive = 2,
}
