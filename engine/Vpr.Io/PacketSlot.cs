namespace Vpr.Io;

/// <summary>What is known of the packet in one slot of a <see cref="PacketBatch"/>.</summary>
public struct PacketSlot
{
    /// <summary>Where the packet begins in its slot, in bytes.</summary>
    public int Offset;

    /// <summary>The packet's length in bytes.</summary>
    public int Length;

    /// <summary>
    /// Of a run of equal-sized datagrams, the bytes of each; of a super-packet, the payload bytes of each segment (the last may be shorter in both); 0 when
    /// the slot holds one packet.
    /// </summary>
    public int SegmentSize;

    /// <summary>What <see cref="SegmentSize"/> cuts a packet of a device into; unused by a socket.</summary>
    public Segmentation Segmentation;

    /// <summary>What the sender of a packet left undone; unused by a socket.</summary>
    public PartialChecksum Checksum;

    /// <summary>Where a datagram came from or goes to; unused by a packet device.</summary>
    public DatagramPath Path;

    /// <summary>The ECN bits of the IP header that carried a datagram, or that it is to be sent with.</summary>
    public EcnCodepoint Ecn;

    /// <summary>Which part of the batch's memory is the slot's, from 0: it stays with the packet when slots before it are removed, and slots may trade theirs.</summary>
    public int Block { readonly get; internal set; }
}
