using Vpr.Io;
using Vpr.Wire.VirtioNet;

namespace Vpr.Interop.Linux;

/// <summary>The header in front of every packet of a TUN queue with IFF_VNET_HDR, to and from what a slot or a gathered packet says.</summary>
/// <remarks>Virtio 1.3 §5.1.6; drivers/net/tun.c takes and gives it in the ten-byte form that TUNSETVNETHDRSZ chooses, little-endian by TUNSETVNETLE.</remarks>
internal static class VnetHeader
{
    /// <summary>Its bytes.</summary>
    internal const int Length = VirtioNetHeader.Length;

    /// <summary>Reads what the kernel left undone.</summary>
    /// <returns>False when it is something that was not asked for.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> header, ref PacketSlot slot)
    {
        if (!VirtioNetHeader.TryParse(header, out VirtioNetHeader read, out _)) return false;
        if ((read.Flags & VirtioNetFlags.NeedsChecksum) != 0) slot.Checksum = new PartialChecksum(read.ChecksumStart, read.ChecksumOffset);
        if (read.GsoType == VirtioNetGsoType.None) return true;
        slot.Segmentation = read.GsoType switch
        {
            VirtioNetGsoType.TcpV4 => Segmentation.Tcp4,
            VirtioNetGsoType.TcpV6 => Segmentation.Tcp6,
            VirtioNetGsoType.UdpL4 => Segmentation.Udp,
            _ => Segmentation.None,
        };
        slot.SegmentSize = read.GsoSize;
        return slot.Segmentation != Segmentation.None && read.GsoSize > 0;
    }

    /// <summary>Writes what the kernel is to do.</summary>
    /// <param name="header">At least <see cref="Length"/> bytes.</param>
    /// <param name="segmentation">What the packet is cut into.</param>
    /// <param name="segmentSize">Payload bytes of each segment; without segmentation it counts for nothing.</param>
    /// <param name="headerLength">Bytes that each segment repeats, or 0: a hint, by which the kernel chooses how much of a packet it keeps in one part.</param>
    /// <param name="checksum">What is to be completed.</param>
    internal static void Write(Span<byte> header, Segmentation segmentation, int segmentSize, int headerLength, PartialChecksum checksum)
    {
        if (segmentation == Segmentation.None)
        {
            segmentSize = 0;
            headerLength = 0;
        }

        VirtioNetGsoType type = segmentation switch
        {
            Segmentation.Tcp4 => VirtioNetGsoType.TcpV4,
            Segmentation.Tcp6 => VirtioNetGsoType.TcpV6,
            Segmentation.Udp => VirtioNetGsoType.UdpL4,
            _ => VirtioNetGsoType.None,
        };
        new VirtioNetHeader(
            checksum.IsNeeded ? VirtioNetFlags.NeedsChecksum : VirtioNetFlags.None,
            GsoEcn: false,
            type,
            unchecked((ushort)headerLength),
            unchecked((ushort)segmentSize),
            checksum.Start,
            checksum.Offset).Write(header);
    }
}
