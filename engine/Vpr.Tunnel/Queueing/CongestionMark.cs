using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Queueing;

/// <summary>Congestion Experienced in the IP header of a packet.</summary>
/// <remarks>RFC 3168 §5</remarks>
internal static class CongestionMark
{
    private const int Ipv4ChecksumOffset = 10;

    /// <summary>Marks a packet whose sender takes marks.</summary>
    /// <param name="packet">A whole IP packet; IPv4's header checksum is mended.</param>
    /// <returns>False, and the packet is as it was, when its sender knows drops alone.</returns>
    public static bool TrySet(Span<byte> packet)
    {
        bool isIpv4 = packet[0] >> 4 == 4;
        // The last two bits of IPv4's second byte; of IPv6's traffic class, which lies across two bytes.
        int shift = isIpv4 ? 0 : 4;
        EcnCodepoint ecn = (EcnCodepoint)(packet[1] >> shift & 3);
        if (ecn == EcnCodepoint.NotEct) return false;
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet);
        packet[1] |= (byte)((int)EcnCodepoint.CongestionExperienced << shift);
        if (isIpv4)
        {
            Span<byte> checksum = packet[Ipv4ChecksumOffset..];
            ushort after = BinaryPrimitives.ReadUInt16BigEndian(packet);
            BinaryPrimitives.WriteUInt16BigEndian(checksum, InternetChecksum.Update(BinaryPrimitives.ReadUInt16BigEndian(checksum), before, after));
        }

        return true;
    }
}
