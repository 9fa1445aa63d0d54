namespace Vpr.Io;

/// <summary>What a super-packet is cut into before it goes on a wire: TCP segmentation offload (TSO) and UDP segmentation offload (USO).</summary>
public enum Segmentation : byte
{
    /// <summary>Nothing: the packet is one packet.</summary>
    None,

    /// <summary>TCP segments over IPv4.</summary>
    Tcp4,

    /// <summary>TCP segments over IPv6.</summary>
    Tcp6,

    /// <summary>UDP datagrams of one size, over either IP version.</summary>
    Udp,
}
