namespace Vpr.Io;

/// <summary>What a packet device may leave to the other side of it: checksums, and the cutting of super-packets.</summary>
/// <remarks>Each goes both ways: what <see cref="IPacketDevice.Read"/> may deliver undone, and what may be written undone.</remarks>
[Flags]
public enum PacketOffloads : byte
{
    /// <summary>Nothing: every packet is one packet with its checksums complete.</summary>
    None = 0,

    /// <summary>Transport checksums of which only the pseudo-header is summed: <see cref="PartialChecksum"/>. Both kinds of segmentation need it.</summary>
    Checksum = 1,

    /// <summary>TCP segmentation offload over IPv4 and IPv6: <see cref="Segmentation.Tcp4"/>, <see cref="Segmentation.Tcp6"/>.</summary>
    Tso = 2,

    /// <summary>UDP segmentation offload over IPv4 and IPv6: <see cref="Segmentation.Udp"/>.</summary>
    Uso = 4,

    /// <summary>All of them.</summary>
    All = Checksum | Tso | Uso,
}
