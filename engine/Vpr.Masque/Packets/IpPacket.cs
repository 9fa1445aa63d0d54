using System.Buffers.Binary;

namespace Vpr.Masque;

/// <summary>The facts of an IP packet that a tunnel's checks need, read once.</summary>
/// <remarks>
/// RFC 791 §3.1, RFC 8200 §3 and §4. What is read is only what can be trusted at its length: the packet ends where its header says.
/// </remarks>
public readonly record struct IpPacket
{
    private const int Ipv4HeaderLength = 20;
    private const int Ipv6HeaderLength = 40;

    /// <summary>No packet needs more; a longer chain is somebody's attack on whoever walks it.</summary>
    private const int MaxExtensionHeaders = 8;

    /// <summary>The version.</summary>
    public IpVersion Version { get; private init; }

    /// <summary>Who sent it, as it says.</summary>
    public IpAddress Source { get; private init; }

    /// <summary>Where it goes.</summary>
    public IpAddress Destination { get; private init; }

    /// <summary>The protocol behind all IPv6 extension headers; RFC 9484 §4.6 asks for that one.</summary>
    public byte Protocol { get; private init; }

    /// <summary>Time To Live, or Hop Limit: 0 to 255.</summary>
    public byte HopLimit { get; private init; }

    /// <summary>The packet's length with its header, in bytes; what lies behind in the buffer is padding.</summary>
    public int Length { get; private init; }

    /// <summary>Where the upper-layer header begins, in bytes; the packet's end when it is in another fragment.</summary>
    public int UpperLayerOffset { get; private init; }

    /// <summary>Whether the packet is a fragment behind the first, without an upper-layer header.</summary>
    public bool IsLaterFragment { get; private init; }

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
        if (packet[0] >> 4 == 6)
        {
            if (packet[7] <= 1) return false;
            packet[7]--;
            return true;
        }

        if (packet[8] <= 1) return false;
        packet[8]--;

        // HC' = ~(~HC + ~m + m'), and TTL is the high octet of its word: the sum grows by 0x0100, with end-around carry.
        uint sum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]) + 0x0100u;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)(sum + (sum >> 16)));
        return true;
    }

    private static bool TryReadIpv4(ReadOnlySpan<byte> packet, out IpPacket facts)
    {
        facts = default;
        if (packet.Length < Ipv4HeaderLength) return false;
        int headerLength = (packet[0] & 0x0f) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (headerLength < Ipv4HeaderLength || length < headerLength || length > packet.Length) return false;
        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        bool laterFragment = (fragment & 0x1fff) != 0;
        facts = new IpPacket
        {
            Version = IpVersion.V4,
            Source = IpAddress.Read(IpVersion.V4, packet[12..]),
            Destination = IpAddress.Read(IpVersion.V4, packet[16..]),
            Protocol = packet[9],
            HopLimit = packet[8],
            Length = length,
            UpperLayerOffset = laterFragment ? length : headerLength,
            IsLaterFragment = laterFragment,
            DontFragment = (fragment & 0x4000) != 0,
        };
        return true;
    }

    private static bool TryReadIpv6(ReadOnlySpan<byte> packet, out IpPacket facts)
    {
        facts = default;
        if (packet.Length < Ipv6HeaderLength) return false;
        int length = Ipv6HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (length > packet.Length) return false;
        if (!TryWalkExtensions(packet[..length], out byte protocol, out int offset, out bool laterFragment)) return false;
        facts = new IpPacket
        {
            Version = IpVersion.V6,
            Source = IpAddress.Read(IpVersion.V6, packet[8..]),
            Destination = IpAddress.Read(IpVersion.V6, packet[24..]),
            Protocol = protocol,
            HopLimit = packet[7],
            Length = length,
            UpperLayerOffset = offset,
            IsLaterFragment = laterFragment,
            DontFragment = true,
        };
        return true;
    }

    /// <summary>Follows the chain of extension headers to the upper layer.</summary>
    /// <remarks>RFC 8200 §4; RFC 9484 §4.6: whoever scopes by protocol walks the chain.</remarks>
    private static bool TryWalkExtensions(ReadOnlySpan<byte> packet, out byte protocol, out int offset, out bool laterFragment)
    {
        protocol = packet[6];
        offset = Ipv6HeaderLength;
        laterFragment = false;
        for (int headers = 0; ; headers++)
        {
            int length;
            switch (protocol)
            {
                case IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.DestinationOptions or IpProtocol.Mobility
                    or IpProtocol.HostIdentity or IpProtocol.Shim6:
                    if (packet.Length - offset < 8) return false;
                    length = (packet[offset + 1] + 1) * 8;
                    break;
                case IpProtocol.Authentication:
                    if (packet.Length - offset < 8) return false;
                    length = (packet[offset + 1] + 2) * 4;
                    break;
                case IpProtocol.Fragment:
                    if (packet.Length - offset < 8) return false;
                    length = 8;
                    laterFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]) & 0xfff8) != 0;
                    break;
                default:
                    return true;
            }

            if (headers == MaxExtensionHeaders || length > packet.Length - offset) return false;
            protocol = packet[offset];
            offset += length;
            if (laterFragment)
            {
                offset = packet.Length; // what follows is the middle of a payload
                return true;
            }
        }
    }
}
