using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Offload;

/// <summary>A packet that is nothing but IP header, TCP or UDP header, and payload: one that tells its flow.</summary>
internal readonly ref struct FlowPacket
{
    private const int FragmentBits = 0xBFFF; // all but Don't Fragment

    private readonly Span<byte> _packet;

    private FlowPacket(Span<byte> packet, Segmentation segmentation, SuperPacketLayout layout)
    {
        _packet = packet;
        Segmentation = segmentation;
        Layout = layout;
    }

    /// <summary>What its flow's super-packets would be cut into.</summary>
    public Segmentation Segmentation { get; }

    /// <summary>Where its headers end.</summary>
    public SuperPacketLayout Layout { get; }

    /// <summary>The IP header; without options or extension headers.</summary>
    public Span<byte> Network => _packet[..Layout.Transport];

    /// <summary>The TCP header with its options, or the UDP header.</summary>
    public Span<byte> TransportHeader => _packet[Layout.Transport..Layout.Headers];

    /// <summary>What follows the headers.</summary>
    public Span<byte> Payload => _packet[Layout.Headers..];

    /// <summary>Whether it is IPv4.</summary>
    public bool IsIpv4 => Layout.Transport == Ipv4Header.MinLength;

    /// <summary>TCP's control bits; none for UDP.</summary>
    public TcpFlags Flags => Segmentation == Segmentation.Udp ? 0 : (TcpFlags)TransportHeader[TcpFields.Flags];

    /// <summary>Both addresses.</summary>
    public ReadOnlySpan<byte> Addresses => AddressesOf(_packet);

    /// <summary>Both ports.</summary>
    public ReadOnlySpan<byte> Ports => TransportHeader[..4];

    /// <summary>Whether a neighbour may be put together with it.</summary>
    /// <remarks>
    /// Data alone, of which nothing is said but that it is acknowledged: SYN, RST, URG and CWR mean one packet (RFC 3168 §6.1.2 for CWR), ECE means all.
    /// UDP without a checksum cannot be put together, because the whole would get one.
    /// </remarks>
    public bool IsMergeable
    {
        get
        {
            if (Payload.IsEmpty) return false;
            if (Segmentation == Segmentation.Udp) return BinaryPrimitives.ReadUInt16BigEndian(TransportHeader[UdpFields.Checksum..]) != 0;
            return (Flags & ~(TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Ece)) == TcpFlags.Ack;
        }
    }

    /// <summary>Whether nothing of its flow may follow in the same super-packet: the last segment alone has FIN or PSH.</summary>
    public bool EndsRun => (Flags & (TcpFlags.Fin | TcpFlags.Psh)) != 0;

    /// <summary>Reads the headers.</summary>
    /// <returns>False for fragments, IP options, extension headers, other protocols, and lengths that lie.</returns>
    public static bool TryRead(Span<byte> packet, out FlowPacket value)
    {
        value = default;
        if (packet.Length < Ipv4Header.MinLength) return false;
        int transport;
        byte protocol;
        bool isIpv4 = packet[0] == 0x45; // version 4, five words: no options
        if (isIpv4)
        {
            transport = Ipv4Header.MinLength;
            protocol = packet[Ipv4Fields.Protocol];
            if (BinaryPrimitives.ReadUInt16BigEndian(packet[Ipv4Fields.TotalLength..]) != packet.Length) return false;
            if ((BinaryPrimitives.ReadUInt16BigEndian(packet[Ipv4Fields.Fragment..]) & FragmentBits) != 0) return false;
        }
        else
        {
            transport = Ipv6Header.Length;
            if (packet[0] >> 4 != 6 || packet.Length < transport) return false;
            protocol = packet[Ipv6Fields.NextHeader];
            if (BinaryPrimitives.ReadUInt16BigEndian(packet[Ipv6Fields.PayloadLength..]) != packet.Length - transport) return false;
        }

        Span<byte> segment = packet[transport..];
        switch ((IpProtocol)protocol)
        {
            case IpProtocol.Tcp when segment.Length >= TcpHeader.MinLength:
                int length = (segment[TcpFields.DataOffset] >> 4) * 4;
                if (length < TcpHeader.MinLength || length > segment.Length) return false;
                value = new FlowPacket(packet, isIpv4 ? Segmentation.Tcp4 : Segmentation.Tcp6, new SuperPacketLayout(transport, transport + length));
                return true;
            case IpProtocol.Udp when segment.Length >= UdpHeader.HeaderLength:
                if (BinaryPrimitives.ReadUInt16BigEndian(segment[UdpFields.Length..]) != segment.Length) return false;
                value = new FlowPacket(packet, Segmentation.Udp, new SuperPacketLayout(transport, transport + UdpHeader.HeaderLength));
                return true;
            default:
                return false;
        }
    }

    /// <summary>The packet that begins with headers that <see cref="TryRead"/> accepted.</summary>
    /// <param name="packet">Its bytes, or its first ones.</param>
    /// <param name="segmentation">What was found then.</param>
    /// <param name="layout">What was found then.</param>
    public static FlowPacket Again(Span<byte> packet, Segmentation segmentation, SuperPacketLayout layout) => new(packet, segmentation, layout);

    /// <summary>The addresses of any packet; empty where there are none.</summary>
    public static ReadOnlySpan<byte> AddressesOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= Ipv4Header.MinLength && packet[0] >> 4 == 4) return packet.Slice(Ipv4Fields.Addresses, 8);
        return packet.Length >= Ipv6Header.Length && packet[0] >> 4 == 6 ? packet.Slice(Ipv6Fields.Addresses, 32) : default;
    }

    /// <summary>Tells flows apart, most of the time: <see cref="IsOfFlow"/> has the last word.</summary>
    public uint Hash()
    {
        ReadOnlySpan<byte> addresses = Addresses;
        ulong mixed = MemoryMarshal.Read<uint>(Ports) ^ (ulong)Segmentation << 32;
        for (int at = 0; at < addresses.Length; at += 8)
            mixed = unchecked((mixed ^ MemoryMarshal.Read<ulong>(addresses[at..])) * 0x9E37_79B9_7F4A_7C15);
        return (uint)(mixed >> 32);
    }

    /// <summary>Whether two packets have addresses, ports and protocol in common.</summary>
    public bool IsOfFlow(in FlowPacket other) =>
        Segmentation == other.Segmentation && Ports.SequenceEqual(other.Ports) && Addresses.SequenceEqual(other.Addresses);

    /// <summary>Whether the IP headers differ in nothing but what differs from segment to segment.</summary>
    /// <param name="later">A later packet of the same flow.</param>
    /// <param name="distance">How many packets later it came.</param>
    public bool HasNetworkHeaderOf(in FlowPacket later, int distance)
    {
        Span<byte> ours = Network, theirs = later.Network;
        if (!IsIpv4) return ours[..Ipv6Fields.PayloadLength].SequenceEqual(theirs[..Ipv6Fields.PayloadLength]) && ours[Ipv6Fields.HopLimit] == theirs[Ipv6Fields.HopLimit];
        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(ours[Ipv4Fields.Fragment..]);
        if (ours[Ipv4Fields.TypeOfService] != theirs[Ipv4Fields.TypeOfService] || ours[Ipv4Fields.TimeToLive] != theirs[Ipv4Fields.TimeToLive]
            || fragment != BinaryPrimitives.ReadUInt16BigEndian(theirs[Ipv4Fields.Fragment..]))
            return false;
        // RFC 6864 §4.1: where no router may cut, the identification means nothing, and any will do.
        if (fragment != 0) return true;
        int identification = BinaryPrimitives.ReadUInt16BigEndian(ours[Ipv4Fields.Identification..]) + distance;
        return (ushort)identification == BinaryPrimitives.ReadUInt16BigEndian(theirs[Ipv4Fields.Identification..]);
    }

    /// <summary>Whether the TCP headers differ in nothing but sequence number, checksum, FIN and PSH.</summary>
    public bool HasTcpHeaderOf(in FlowPacket later)
    {
        Span<byte> ours = TransportHeader, theirs = later.TransportHeader;
        return ((Flags ^ later.Flags) & ~(TcpFlags.Fin | TcpFlags.Psh)) == 0
            && ours[TcpFields.Acknowledgment..TcpFields.Flags].SequenceEqual(theirs[TcpFields.Acknowledgment..TcpFields.Flags])
            && ours[TcpFields.Window..TcpHeader.ChecksumOffset].SequenceEqual(theirs[TcpFields.Window..TcpHeader.ChecksumOffset])
            && ours[TcpFields.UrgentPointer..].SequenceEqual(theirs[TcpFields.UrgentPointer..]);
    }

    /// <summary>Whether the IPv4 header's checksum and the transport's are right.</summary>
    public bool IsIntact() =>
        (!IsIpv4 || InternetChecksum.IsValid(0, Network)) && InternetChecksum.IsValid(PseudoHeader(_packet.Length - Layout.Transport), _packet[Layout.Transport..]);

    /// <summary>The pseudo-header's partial sum.</summary>
    /// <param name="length">Bytes of transport header and payload.</param>
    public ulong PseudoHeader(int length)
    {
        IpProtocol protocol = Segmentation == Segmentation.Udp ? IpProtocol.Udp : IpProtocol.Tcp;
        return InternetChecksum.Add(InternetChecksum.PseudoHeader(0u, 0u, protocol, length), Addresses);
    }
}
