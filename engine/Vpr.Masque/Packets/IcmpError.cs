using System.Buffers.Binary;

namespace Vpr.Masque;

/// <summary>Writes the ICMP error that tells a sender why its packet was not forwarded.</summary>
/// <remarks>RFC 9484 §8; RFC 792 and RFC 1812 §4.3.2 for IPv4, RFC 4443 for IPv6.</remarks>
public static class IcmpError
{
    /// <summary>The longest error that is written, in bytes with its IP header: the least MTU of IPv6 (RFC 4443 §2.4 c).</summary>
    public const int MaxLength = 1280;

    private const int MaxIpv4Length = 576; // RFC 1812 §4.3.2.3
    private const int IcmpHeaderLength = 8;
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
        if (facts.IsLaterFragment || facts.Source.IsUnspecified || facts.Source.IsMulticast || facts.Source.IsLoopback) return false;

        // To a group only Packet Too Big may be answered, and that by IPv6 alone: path MTU discovery works there.
        if (facts.Destination.IsMulticast && (facts.Version == IpVersion.V4 || verdict != PacketVerdict.TooBig)) return false;
        if (!facts.IsIcmp) return true;
        if (facts.UpperLayerOffset >= facts.Length) return false;
        byte type = packet[facts.UpperLayerOffset];
        return facts.Version == IpVersion.V4
            ? type is not (3 or 4 or 5 or 11 or 12) // errors and redirects
            : type is >= 128 and not 137;
    }

    private static int WriteIpv4(byte type, byte code, uint rest, ReadOnlySpan<byte> packet, in IpPacket facts, IpAddress from, Span<byte> destination)
    {
        const int headerLength = 20;
        int quoted = Math.Min(packet.Length, MaxIpv4Length - headerLength - IcmpHeaderLength);
        int length = headerLength + IcmpHeaderLength + quoted;
        Span<byte> header = destination[..headerLength];
        header.Clear();
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
        header[6] = 0x40; // not fragmented, so the identification may stay 0 (RFC 6864 §4.1)
        header[8] = HopLimit;
        header[9] = IpProtocol.Icmp;
        from.Write(header[12..]);
        facts.Source.Write(header[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Add(0, header)));

        Span<byte> icmp = destination[headerLength..length];
        WriteIcmp(icmp, type, code, rest, packet[..quoted]);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Add(0, icmp)));
        return length;
    }

    private static int WriteIpv6(byte type, byte code, uint rest, ReadOnlySpan<byte> packet, in IpPacket facts, IpAddress from, Span<byte> destination)
    {
        const int headerLength = 40;
        int quoted = Math.Min(packet.Length, MaxLength - headerLength - IcmpHeaderLength);
        int length = headerLength + IcmpHeaderLength + quoted;
        Span<byte> header = destination[..headerLength];
        header.Clear();
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(length - headerLength));
        header[6] = IpProtocol.Icmpv6;
        header[7] = HopLimit;
        from.Write(header[8..]);
        facts.Source.Write(header[24..]);

        Span<byte> icmp = destination[headerLength..length];
        WriteIcmp(icmp, type, code, rest, packet[..quoted]);
        ulong sum = InternetChecksum.Add((ulong)icmp.Length + IpProtocol.Icmpv6, header[8..]); // pseudo-header: RFC 8200 §8.1
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Add(sum, icmp)));
        return length;
    }

    private static void WriteIcmp(Span<byte> icmp, byte type, byte code, uint rest, ReadOnlySpan<byte> quoted)
    {
        icmp[0] = type;
        icmp[1] = code;
        icmp[2] = icmp[3] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(icmp[4..], rest);
        quoted.CopyTo(icmp[IcmpHeaderLength..]);
    }
}
