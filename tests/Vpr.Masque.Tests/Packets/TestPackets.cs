using System.Buffers.Binary;
using Vpr.Wire.Ip;

namespace Vpr.Masque.Tests;

/// <summary>IP packets for tests, with right checksums.</summary>
internal static class TestPackets
{
    public static byte[] Udp(string source, string destination, int payload = 32, byte hopLimit = 64, bool dontFragment = true) =>
        Make(source, destination, IpProtocol.Udp, new byte[8 + payload], hopLimit, dontFragment);

    public static byte[] Make(string source, string destination, IpProtocol protocol, byte[] payload, byte hopLimit = 64, bool dontFragment = true)
    {
        IpAddress from = AddressPoolTests.Address(source);
        IpAddress to = AddressPoolTests.Address(destination);
        byte[] packet = new byte[(from.Version == IpVersion.V4 ? 20 : 40) + payload.Length];
        int header;
        if (from.Version == IpVersion.V4)
        {
            header = new Ipv4Header
            {
                InternetHeaderLength = 5, TotalLength = (ushort)packet.Length, DontFragment = dontFragment, TimeToLive = hopLimit,
                Protocol = protocol, SourceAddress = (uint)from.Value, DestinationAddress = (uint)to.Value,
            }.Write(packet);
            InternetChecksum.WriteIpv4Header(packet.AsSpan(0, header));
        }
        else header = new Ipv6Header(6, 0, 0, 0, (ushort)payload.Length, protocol, hopLimit, from.Value, to.Value).Write(packet);

        payload.CopyTo(packet.AsSpan(header));
        return packet;
    }

    public static byte[] EchoRequest(string source, string destination, ushort sequence)
    {
        bool v6 = source.Contains(':');
        byte[] message = [(byte)(v6 ? 128 : 8), 0, 0, 0, 0, 1, (byte)(sequence >> 8), (byte)(sequence & 0xff), 1, 2, 3, 4];
        byte[] packet = Make(source, destination, v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp, message);
        Span<byte> icmp = packet.AsSpan(^message.Length);
        ulong sum = v6 ? InternetChecksum.PseudoHeader(
            AddressPoolTests.Address(source).Value, AddressPoolTests.Address(destination).Value, IpProtocol.Icmpv6, icmp.Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Finish(InternetChecksum.Add(sum, icmp)));
        return packet;
    }
}
