namespace Vpr.Wire.VirtioNet;

/// <summary>virtio_net_hdr: what stands before each packet of a TUN device with IFF_VNET_HDR.</summary>
/// <remarks>Virtio 1.3 §5.1.6, without num_buffers. Little-endian, which the device is told by TUNSETVNETLE where the machine is not.</remarks>
/// <param name="Flags">What is known of the checksum.</param>
/// <param name="GsoEcn">Whether the first segment alone carries CWR (VIRTIO_NET_HDR_GSO_ECN).</param>
/// <param name="GsoType">What the packet is cut into.</param>
/// <param name="HeaderLength">The length of the headers that each segment repeats, in bytes; a hint.</param>
/// <param name="GsoSize">The payload of each segment, in bytes.</param>
/// <param name="ChecksumStart">Where the checksum's coverage begins, in bytes from the packet's start.</param>
/// <param name="ChecksumOffset">Where the checksum stands, in bytes from <paramref name="ChecksumStart"/>.</param>
[WireFormat(LittleEndian = true)]
public readonly partial record struct VirtioNetHeader(
    VirtioNetFlags Flags,
    [Bits] bool GsoEcn,
    [Bits(7)] VirtioNetGsoType GsoType,
    ushort HeaderLength,
    ushort GsoSize,
    ushort ChecksumStart,
    ushort ChecksumOffset)
{
    /// <summary>The header's length in bytes.</summary>
    public const int Length = 10;
}
