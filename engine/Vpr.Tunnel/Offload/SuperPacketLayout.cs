using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Offload;

/// <summary>Where the headers of a super-packet are, once it is certain that they are there.</summary>
/// <param name="Transport">Bytes before the transport header.</param>
/// <param name="Headers">Bytes before the payload: what each segment repeats.</param>
internal readonly record struct SuperPacketLayout(int Transport, int Headers)
{
    /// <summary>Reads the headers as far as splitting depends on them.</summary>
    /// <returns>False when a length lies, a fragment is to be split, or the packet is not what <paramref name="segmentation"/> says.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, Segmentation segmentation, PartialChecksum checksum, out SuperPacketLayout layout)
    {
        layout = default;
        IpProtocol protocol = segmentation == Segmentation.Udp ? IpProtocol.Udp : IpProtocol.Tcp;
        bool isPlaced = !packet.IsEmpty && (packet[0] >> 4) switch
        {
            4 => segmentation != Segmentation.Tcp6 && IsIpv4(packet, protocol, checksum.Start),
            6 => segmentation != Segmentation.Tcp4 && IsIpv6(packet, protocol, checksum.Start),
            _ => false,
        };
        if (!isPlaced) return false;

        ReadOnlySpan<byte> transport = packet[checksum.Start..];
        int length;
        if (protocol == IpProtocol.Tcp)
        {
            if (checksum.Offset != TcpHeader.ChecksumOffset || transport.Length < TcpHeader.MinLength) return false;
            length = (transport[TcpFields.DataOffset] >> 4) * 4;
            if (length < TcpHeader.MinLength || length > transport.Length) return false;
        }
        else
        {
            length = UdpHeader.HeaderLength;
            if (checksum.Offset != UdpHeader.ChecksumOffset || transport.Length < length) return false;
            if (BinaryPrimitives.ReadUInt16BigEndian(transport[UdpFields.Length..]) != transport.Length) return false;
        }

        layout = new SuperPacketLayout(checksum.Start, checksum.Start + length);
        return true;
    }

    private static bool IsIpv4(ReadOnlySpan<byte> packet, IpProtocol protocol, int transport) =>
        Ipv4Header.TryParse(packet, out Ipv4Header header, out int length)
        && header.TotalLength == packet.Length && header.Protocol == protocol && !header.IsFragment && length == transport;

    private static bool IsIpv6(ReadOnlySpan<byte> packet, IpProtocol protocol, int transport)
    {
        if (!Ipv6Packet.TryParse(packet, out Ipv6Packet parsed)) return false;
        return Ipv6Header.Length + parsed.Header.PayloadLength == packet.Length && parsed.Protocol == protocol
            && !parsed.Extensions.IsFragment && packet.Length - parsed.Payload.Length == transport;
    }
}
