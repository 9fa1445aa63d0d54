namespace Vpr.Wire.Ip;

/// <summary>A UDP header.</summary>
/// <remarks>RFC 768</remarks>
/// <param name="SourcePort">The sender's port, or 0.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="Length">The datagram's length in bytes, this header included, at least 8.</param>
/// <param name="Checksum">The checksum over pseudo-header, header and data; 0 when there is none (IPv4 alone).</param>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Udp)]
public readonly partial record struct UdpHeader(
    ushort SourcePort,
    ushort DestinationPort,
    [Between(8, 65535)] ushort Length,
    ushort Checksum)
{
    /// <summary>The header's length in bytes.</summary>
    public const int HeaderLength = 8;

    /// <summary>Where <see cref="Checksum"/> stands, in bytes from the header's start.</summary>
    public const int ChecksumOffset = 6;
}
