namespace Vpr.Masque;

/// <summary>What a tunnel's end does with a packet, and why.</summary>
/// <remarks>RFC 9484 §6 and §8: a packet that is not forwarded is dropped, and most reasons have an ICMP error.</remarks>
public enum PacketVerdict : byte
{
    /// <summary>The packet passes.</summary>
    Forward,

    /// <summary>It is no IP packet, or shorter than it says: dropped without a word.</summary>
    Malformed,

    /// <summary>Its sender may not use the source address: Destination Unreachable, source address failed policy.</summary>
    SourceNotPermitted,

    /// <summary>Nobody at the other end takes it: Destination Unreachable, no route.</summary>
    NoRoute,

    /// <summary>It belongs to one link and is not carried to another: dropped without a word.</summary>
    LinkLocal,

    /// <summary>Its hop limit is used up: Time Exceeded.</summary>
    HopLimitExceeded,

    /// <summary>It is longer than the tunnel carries: Packet Too Big, or Fragmentation Needed.</summary>
    TooBig,
}
