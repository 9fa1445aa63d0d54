namespace Vpr.Io;

/// <summary>A UDP socket that moves batches, and in them runs of datagrams: a slot whose <see cref="PacketSlot.SegmentSize"/> is set and less than its length holds as many datagrams of that size as fit, the last shorter when it does not come out even.</summary>
/// <remarks>Never blocks; one thread at a time.</remarks>
public interface IDatagramSocket : IDisposable
{
    /// <summary>The address the socket is bound to.</summary>
    UdpEndpoint LocalEndpoint { get; }

    /// <summary>What the kernel does with runs now. Runs may be sent without <see cref="DatagramOffloads.Segmentation"/> too: they are cut here, and cost a message each datagram.</summary>
    DatagramOffloads Offloads { get; }

    /// <summary>Adds to <paramref name="batch"/> the datagrams that wait, with path and ECN bits, at most as many slots as fit.</summary>
    /// <remarks>With <see cref="DatagramOffloads.Receive"/> a slot may hold a run, all of one path and with the same ECN bits, and needs 65,535 bytes behind its headroom.</remarks>
    /// <returns>How many slots were added; 0 when none waits.</returns>
    int Receive(PacketBatch batch);

    /// <summary>Sends the datagrams of <paramref name="batch"/> from <paramref name="first"/> on, each to its slot's path.</summary>
    /// <returns>
    /// How many slots the kernel took, from <paramref name="first"/> on; fewer than asked when its buffer is full, and the caller tries the rest when the socket is writable
    /// again. Of a run that was taken in part the slot is then moved on to what is left of it. A datagram that can never be sent (too big, unreachable) counts as taken and is dropped.
    /// </returns>
    int Send(PacketBatch batch, int first);
}
