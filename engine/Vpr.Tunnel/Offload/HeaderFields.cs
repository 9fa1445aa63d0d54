namespace Vpr.Tunnel.Offload;

// The declared structures of Vpr.Wire read and write whole headers; here single fields are compared and changed where they lie.

/// <summary>Where fields of an IPv4 header are, in bytes from its start.</summary>
/// <remarks>RFC 791 §3.1</remarks>
internal static class Ipv4Fields
{
    /// <summary>The packet's length.</summary>
    public const int TotalLength = 2;

    /// <summary>The identification.</summary>
    public const int Identification = 4;

    /// <summary>Three flags and the fragment's offset.</summary>
    public const int Fragment = 6;

    /// <summary>The protocol.</summary>
    public const int Protocol = 9;

    /// <summary>The header's checksum.</summary>
    public const int HeaderChecksum = 10;

    /// <summary>The sender's address, and behind it the receiver's; 4 bytes each.</summary>
    public const int Addresses = 12;
}

/// <summary>Where fields of an IPv6 header are, in bytes from its start.</summary>
/// <remarks>RFC 8200 §3</remarks>
internal static class Ipv6Fields
{
    /// <summary>The length of what follows the header; in front of it are version, traffic class and flow label.</summary>
    public const int PayloadLength = 4;

    /// <summary>What follows the header.</summary>
    public const int NextHeader = 6;

    /// <summary>The sender's address, and behind it the receiver's; 16 bytes each.</summary>
    public const int Addresses = 8;
}

/// <summary>Where fields of a TCP header are, in bytes from its start.</summary>
/// <remarks>RFC 9293 §3.1</remarks>
internal static class TcpFields
{
    /// <summary>The sequence number.</summary>
    public const int Sequence = 4;

    /// <summary>The acknowledgment number.</summary>
    public const int Acknowledgment = 8;

    /// <summary>The header's length in words, in the upper half of the byte.</summary>
    public const int DataOffset = 12;

    /// <summary>The <see cref="TcpFlags"/>.</summary>
    public const int Flags = 13;

    /// <summary>The urgent pointer, and behind it the options.</summary>
    public const int UrgentPointer = 18;
}

/// <summary>Where fields of a UDP header are, in bytes from its start.</summary>
/// <remarks>RFC 768</remarks>
internal static class UdpFields
{
    /// <summary>The datagram's length.</summary>
    public const int Length = 4;

    /// <summary>The checksum.</summary>
    public const int Checksum = 6;
}
