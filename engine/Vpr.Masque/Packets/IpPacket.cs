using System.Buffers.Binary;
using Vpr.Wire.Ip;

namespace Vpr.Masque;

/// <summary>The facts of an IP packet that a tunnel's checks need, read once.</summary>
/// <remarks>RFC 791 §3.1, RFC 8200 §3 and §4. The packet ends where its header says; what lies behind is padding.</remarks>
public readonly record struct IpPacket
{
    private const int TimeToLiveOffset = 8;
    private const int Ipv4ChecksumOffset = 10;
    private const int HopLimitOffset = 7;

    /// <summary>The version.</summary>
    public IpVersion Version { get; private init; }

    /// <summary>Who sent it, as it says.</summary>
    public IpAddress Source { get; private init; }

    /// <summary>Where it goes.</summary>
    public IpAddress Destination { get; private init; }

    /// <summary>The protocol behind all IPv6 extension headers; RFC 9484 §4.6 asks for that one.</summary>
    public IpProtocol Protocol { get; private init; }

    /// <summary>Time To Live, or Hop Limit: 0 to 255.</summary>
    public byte HopLimit { get; private init; }

    /// <summary>The packet's length with its header, in bytes.</summary>
    public int Length { get; private init; }

    /// <summary>Where the bytes behind all IP headers begin.</summary>
    public int PayloadOffset { get; private init; }

    /// <summary>Whether the packet is a part of a larger one; only the first part begins with the upper layer's header.</summary>
    public bool IsFragment { get; private init; }

    /// <summary>Whether routers may not split the packet: always so for IPv6.</summary>
    public bool DontFragment { get; private init; }

    /// <summary>Whether the packet is ICMP of its version.</summary>
    public bool IsIcmp => Protocol == (Version == IpVersion.V4 ? IpProtocol.Icmp : IpProtocol.Icmpv6);

    /// <summary>Reads a packet.</summary>
    /// <param name="packet">Bytes that begin with the IP header.</param>
    /// <param name="facts">What it says.</param>
    /// <returns>False when it is no IP packet, is shorter than its header says, or its chain of headers is broken or too long.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out IpPacket facts)
    {
        facts = default;
        if (packet.IsEmpty) return false;
        return (packet[0] >> 4) switch
        {
            4 => TryReadIpv4(packet, out facts),
            6 => TryReadIpv6(packet, out facts),
            _ => false,
        };
    }

    /// <summary>Lowers the packet's hop limit by one, as is done right before it enters the tunnel, and mends the IPv4 checksum.</summary>
    /// <remarks>RFC 9484 §6: on encapsulation, not on decapsulation. RFC 1624 §3 for the checksum.</remarks>
    /// <param name="packet">A packet that <see cref="TryRead"/> accepted.</param>
    /// <returns>False when no hop is left; the packet is then unchanged, and a Time Exceeded is due.</returns>
    public static bool TryDecrementHopLimit(Span<byte> packet)
    {
        bool isIpv4 = packet[0] >> 4 == 4;
        ref byte hops = ref packet[isIpv4 ? TimeToLiveOffset : HopLimitOffset];
        if (hops <= 1) return false;
        if (isIpv4)
        {
            Span<byte> checksum = packet[Ipv4ChecksumOffset..];
            ushort word = BinaryPrimitives.ReadUInt16BigEndian(packet[TimeToLiveOffset..]);
            BinaryPrimitives.WriteUInt16BigEndian(
                checksum, InternetChecksum.Update(BinaryPrimitives.ReadUInt16BigEndian(checksum), word, (ushort)(word - 0x0100)));
        }

        hops--;
        return true;
    }

    private static bool TryReadIpv4(ReadOnlySpan<byte> packet, out IpPacket facts)
    {
        facts = default;
        if (!Ipv4Packet.TryParse(packet, out Ipv4Packet parsed)) return false;
        Ipv4Header header = parsed.Header;
        facts = new IpPacket
        {
            Version = IpVersion.V4,
            Source = new IpAddress(IpVersion.V4, header.SourceAddress),
            Destination = new IpAddress(IpVersion.V4, header.DestinationAddress),
            Protocol = header.Protocol,
            HopLimit = header.TimeToLive,
            Length = header.TotalLength,
            PayloadOffset = header.HeaderLength,
            IsFragment = header.IsFragment,
            DontFragment = header.DontFragment,
        };
        return true;
    }

    private static bool TryReadIpv6(ReadOnlySpan<byte> packet, out IpPacket facts)
    {
        facts = default;
        if (!Ipv6Packet.TryParse(packet, out Ipv6Packet parsed)) return false;
        int length = Ipv6Header.Length + parsed.Header.PayloadLength;
        facts = new IpPacket
        {
            Version = IpVersion.V6,
            Source = new IpAddress(IpVersion.V6, parsed.Header.SourceAddress),
            Destination = new IpAddress(IpVersion.V6, parsed.Header.DestinationAddress),
            Protocol = parsed.Protocol,
            HopLimit = parsed.Header.HopLimit,
            Length = length,
            PayloadOffset = length - parsed.Payload.Length,
            IsFragment = parsed.Extensions.IsFragment,
            DontFragment = true,
        };
        return true;
    }
}
