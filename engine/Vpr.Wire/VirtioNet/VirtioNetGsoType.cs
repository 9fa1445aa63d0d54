namespace Vpr.Wire.VirtioNet;

/// <summary>What a packet is cut into.</summary>
/// <remarks>Virtio 1.3 §5.1.6</remarks>
public enum VirtioNetGsoType : byte
{
    /// <summary>Nothing: the packet is as it is.</summary>
    None = 0,

    /// <summary>TCP segments over IPv4</summary>
    TcpV4 = 1,

    /// <summary>Fragments of one UDP datagram</summary>
    UdpFragments = 3,

    /// <summary>TCP segments over IPv6</summary>
    TcpV6 = 4,

    /// <summary>UDP datagrams of one size</summary>
    UdpL4 = 5,
}
