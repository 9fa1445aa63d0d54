using System.Buffers.Binary;
using Vpr.Wire.Ip;

namespace Vpr.Masque;

/// <summary>Writes the ICMP error that tells a sender why its packet was not forwarded.</summary>
/// <remarks>RFC 9484 §8; RFC 792 and RFC 1812 §4.3.2 for IPv4, RFC 4443 for IPv6.</remarks>
public static class IcmpError
{
    /// <summary>The longest error that is written, in bytes with its IP header: the least MTU of IPv6 (RFC 4443 §2.4 c).</summary>
    public const int MaxLength = 1280;

    private const int MaxIpv4Length = 576; // RFC 1812 §4.3.2.3
    private const byte HopLimit = 64;

    /// <summary>Writes the error for a packet, unless there is none to be sent.</summary>
    /// <param name="verdict">Why the packet was not forwarded.</param>
    /// <param name="packet">The packet as it came; its beginning is quoted.</param>
    /// <param name="from">The error's source: an address of ours, of the packet's version.</param>
    /// <param name="mtu">The longest packet that would pass, in bytes; used for <see cref="PacketVerdict.TooBig"/>.</param>
    /// <param name="destination">Takes the error; <see cref="MaxLength"/> bytes always suffice. Must not overlap <paramref name="packet"/>.</param>
    /// <returns>The error's length, or 0 when none may be sent. How often they may be sent is for an <see cref="IcmpRateLimit"/> to say.</returns>
    public static int Write(PacketVerdict verdict, ReadOnlySpan<byte> packet, IpAddress from, int mtu, Span<byte> destination)
    {
        if (!IpPacket.TryRead(packet, out IpPacket facts) || from.Version != facts.Version || !MayBeAnswered(verdict, packet, facts)) return 0;
        if (!TryGetType(verdict, facts, out byte type, out byte code)) return 0;
        return facts.Version == IpVersion.V4
            ? WriteIpv4(type, code, verdict == PacketVerdict.TooBig ? (uint)mtu & 0xffff : 0, packet[..facts.Length], facts, from, destination)
            : WriteIpv6(type, code, verdict == PacketVerdict.TooBig ? (uint)mtu : 0, packet[..facts.Length], facts, from, destination);
    }

    private static bool TryGetType(PacketVerdict verdict, in IpPacket facts, out byte type, out byte code)
    {
        (byte type, byte code)? found = (facts.Version, verdict) switch
        {
            (IpVersion.V4, PacketVerdict.SourceNotPermitted) => (3, 13), // communication administratively prohibited
            (IpVersion.V4, PacketVerdict.NoRoute) => (3, 0),
            (IpVersion.V4, PacketVerdict.TooBig) when facts.DontFragment => (3, 4),
            (IpVersion.V4, PacketVerdict.HopLimitExceeded) => (11, 0),
            (IpVersion.V6, PacketVerdict.SourceNotPermitted) => (1, 5), // source address failed ingress/egress policy
            (IpVersion.V6, PacketVerdict.NoRoute) => (1, 0),
            (IpVersion.V6, PacketVerdict.TooBig) => (2, 0),
            (IpVersion.V6, PacketVerdict.HopLimitExceeded) => (3, 0),
            _ => null,
        };
        (type, code) = found.GetValueOrDefault();
        return found.HasValue;
    }

    /// <summary>Whether an error may follow the packet at all.</summary>
    /// <remarks>RFC 1122 §3.2.2 and RFC 1812 §4.3.2.7; RFC 4443 §2.4 e.</remarks>
    private static bool MayBeAnswered(PacketVerdict verdict, ReadOnlySpan<byte> packet, in IpPacket facts)
    {
        if (facts.Source.IsUnspecified || facts.Source.IsMulticast || facts.Source.IsLoopback) return false;

        // To a group only Packet Too Big may be answered, and that by IPv6 alone: path MTU discovery works there.
        if (facts.Destination.IsMulticast && (facts.Version == IpVersion.V4 || verdict != PacketVerdict.TooBig)) return false;

        // Of a fragmented ICMP message no part is answered: which part holds the type is not worth knowing.
        if (facts.IsFragment && (facts.IsIcmp || IsLaterIpv4Fragment(packet, facts))) return false;
        if (!facts.IsIcmp) return true;
        if (facts.PayloadOffset >= facts.Length) return false;
        byte type = packet[facts.PayloadOffset];
        return facts.Version == IpVersion.V4
            ? (IcmpType)type is not (IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or (IcmpType)4 or (IcmpType)5 or (IcmpType)12) // errors and redirects
            : type is >= 128 and not 137;
    }

    private static bool IsLaterIpv4Fragment(ReadOnlySpan<byte> packet, in IpPacket facts) =>
        facts.Version == IpVersion.V4 && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) != 0;

    private static int WriteIpv4(byte type, byte code, uint rest, ReadOnlySpan<byte> packet, in IpPacket facts, IpAddress from, Span<byte> destination)
    {
        int quoted = Math.Min(packet.Length, MaxIpv4Length - Ipv4Header.MinLength - IcmpHeader.Length);
        int length = new Ipv4Header
        {
            InternetHeaderLength = Ipv4Header.MinLength / 4,
            TotalLength = (ushort)(Ipv4Header.MinLength + IcmpHeader.Length + quoted),
            DontFragment = true, // so the identification may stay 0 (RFC 6864 §4.1)
            TimeToLive = HopLimit,
            Protocol = IpProtocol.Icmp,
            SourceAddress = (uint)from.Value,
            DestinationAddress = (uint)facts.Source.Value,
        }.Write(destination);
        InternetChecksum.WriteIpv4Header(destination[..length]);

        Span<byte> icmp = destination.Slice(length, IcmpHeader.Length + quoted);
        new IcmpHeader { Type = (IcmpType)type, Code = code, RestOfHeader = rest, Data = packet[..quoted] }.Write(icmp);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[IcmpHeader.ChecksumOffset..], InternetChecksum.Compute(icmp));
        return length + icmp.Length;
    }

    private static int WriteIpv6(byte type, byte code, uint rest, ReadOnlySpan<byte> packet, in IpPacket facts, IpAddress from, Span<byte> destination)
    {
        int quoted = Math.Min(packet.Length, MaxLength - Ipv6Header.Length - Icmpv6Header.Length);
        int length = new Ipv6Header(
            6, 0, 0, 0, (ushort)(Icmpv6Header.Length + quoted), IpProtocol.Icmpv6, HopLimit, from.Value, facts.Source.Value).Write(destination);

        Span<byte> icmp = destination.Slice(length, Icmpv6Header.Length + quoted);
        new Icmpv6Header { Type = (Icmpv6Type)type, Code = code, RestOfHeader = rest, Data = packet[..quoted] }.Write(icmp);
        ulong pseudoHeader = InternetChecksum.PseudoHeader(from.Value, facts.Source.Value, IpProtocol.Icmpv6, icmp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(
            icmp[Icmpv6Header.ChecksumOffset..], InternetChecksum.Finish(InternetChecksum.Add(pseudoHeader, icmp)));
        return length + icmp.Length;
    }
}
