using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Offload;

/// <summary>A packet that is nothing but IP header, TCP or UDP header, and payload: one that tells its flow.</summary>
internal readonly ref struct FlowPacket
{
    private const int FragmentBits = 0xBFFF; // all but Don't Fragment
    private const ulong DontFragment = 0x4000;

    // What is the same in all packets of a super-packet, in words of 8 bytes: of the IPv4 header's first all but length and identification, of its
    // second all but the checksum; of the IPv6 header's first all but the length; of TCP's second all but FIN and PSH.
    private const ulong Ipv4Constant = 0xFFFF_0000_0000_FFFF;
    private const ulong Ipv4ConstantNext = 0xFFFF_0000_FFFF_FFFF;
    private const ulong Ipv6Constant = 0xFFFF_FFFF_0000_FFFF;
    private const ulong TcpConstant = ~((ulong)(TcpFlags.Fin | TcpFlags.Psh) << 16);

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

    /// <summary>Tells flows apart, most of the time: <see cref="HasNetworkHeaderOf"/> and <see cref="HasTransportHeaderOf"/> have the last word.</summary>
    public uint Hash()
    {
        ReadOnlySpan<byte> addresses = Addresses;
        ulong mixed = MemoryMarshal.Read<uint>(Ports) ^ (ulong)Segmentation << 32;
        for (int at = 0; at < addresses.Length; at += 8)
            mixed = unchecked((mixed ^ MemoryMarshal.Read<ulong>(addresses[at..])) * 0x9E37_79B9_7F4A_7C15);
        return (uint)(mixed >> 32);
    }

    /// <summary>Whether the IP headers differ in nothing but what differs from segment to segment.</summary>
    /// <param name="later">A later packet, with headers of the same lengths.</param>
    /// <param name="distance">How many packets later it came.</param>
    public bool HasNetworkHeaderOf(in FlowPacket later, int distance)
    {
        Span<byte> ours = Network, theirs = later.Network;
        ulong word = BinaryPrimitives.ReadUInt64BigEndian(ours), difference = word ^ BinaryPrimitives.ReadUInt64BigEndian(theirs);
        if (!IsIpv4) return (difference & Ipv6Constant) == 0 && ours[Ipv6Fields.Addresses..].SequenceEqual(theirs[Ipv6Fields.Addresses..]);
        ulong next = BinaryPrimitives.ReadUInt64BigEndian(ours[8..]) ^ BinaryPrimitives.ReadUInt64BigEndian(theirs[8..]);
        uint last = BinaryPrimitives.ReadUInt32BigEndian(ours[16..]) ^ BinaryPrimitives.ReadUInt32BigEndian(theirs[16..]);
        if ((difference & Ipv4Constant | next & Ipv4ConstantNext | last) != 0) return false;
        // RFC 6864 §4.1: where no router may cut, the identification means nothing, and any will do.
        if ((word & DontFragment) != 0) return true;
        ushort expected = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(ours[Ipv4Fields.Identification..]) + distance);
        return expected == BinaryPrimitives.ReadUInt16BigEndian(theirs[Ipv4Fields.Identification..]);
    }

    /// <summary>Whether the transport headers differ in nothing but TCP's sequence number, FIN and PSH, UDP's length, and the checksum.</summary>
    /// <param name="later">A later packet, with headers of the same lengths.</param>
    public bool HasTransportHeaderOf(in FlowPacket later)
    {
        Span<byte> ours = TransportHeader, theirs = later.TransportHeader;
        if (BinaryPrimitives.ReadUInt32BigEndian(ours) != BinaryPrimitives.ReadUInt32BigEndian(theirs)) return false; // the ports
        if (Segmentation == Segmentation.Udp) return true;
        ulong difference = BinaryPrimitives.ReadUInt64BigEndian(ours[TcpFields.Acknowledgment..]) ^ BinaryPrimitives.ReadUInt64BigEndian(theirs[TcpFields.Acknowledgment..]);
        return (difference & TcpConstant) == 0 && ours[TcpFields.UrgentPointer..].SequenceEqual(theirs[TcpFields.UrgentPointer..]);
    }

    /// <summary>Whether the IPv4 header's checksum and the transport's are right, and are written as <see cref="SegmentSplitter"/> writes them.</summary>
    /// <remarks>Ones' complement knows two zeroes (RFC 1071 §1): who writes the other one, as UDP alone must, sends packets that would come out different.</remarks>
    public bool IsIntact()
    {
        if (IsIpv4 && (!InternetChecksum.IsValid(0, Network) || HoldsOtherZero(Network[Ipv4Fields.HeaderChecksum..]))) return false;
        if (Segmentation != Segmentation.Udp && HoldsOtherZero(TransportHeader[TcpHeader.ChecksumOffset..])) return false;
        return InternetChecksum.IsValid(PseudoHeader(_packet.Length - Layout.Transport), _packet[Layout.Transport..]);
    }

    /// <summary>The pseudo-header's partial sum.</summary>
    /// <param name="length">Bytes of transport header and payload.</param>
    public ulong PseudoHeader(int length)
    {
        IpProtocol protocol = Segmentation == Segmentation.Udp ? IpProtocol.Udp : IpProtocol.Tcp;
        return InternetChecksum.Add(InternetChecksum.PseudoHeader(0u, 0u, protocol, length), Addresses);
    }

    private static bool HoldsOtherZero(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadUInt16BigEndian(field) == ushort.MaxValue;
}
