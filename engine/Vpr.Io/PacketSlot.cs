namespace Vpr.Io;

/// <summary>What is known of the packet in one slot of a <see cref="PacketBatch"/>.</summary>
public struct PacketSlot
{
    /// <summary>Where the packet begins in its slot, in bytes.</summary>
    public int Offset;

    /// <summary>The packet's length in bytes.</summary>
    public int Length;

    /// <summary>Bytes of each segment when the slot holds a run of equal-sized datagrams or a TCP super-packet (the last may be shorter); 0 when it holds one packet.</summary>
    public int SegmentSize;

    /// <summary>Where a datagram came from or goes to; unused by a packet device.</summary>
    public DatagramPath Path;

    /// <summary>The ECN bits of the IP header that carried a datagram, or that it is to be sent with.</summary>
    public EcnCodepoint Ecn;

    // Which part of the batch's buffer is the slot's: it stays with the packet when slots before it are removed.
    internal int Block;
}
