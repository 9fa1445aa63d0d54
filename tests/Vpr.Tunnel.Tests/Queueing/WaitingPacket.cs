using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Tunnel.Queueing;
using Vpr.Tunnel.Tests.Offload;

namespace Vpr.Tunnel.Tests.Queueing;

/// <summary>Packets with a number in them, and the queue's methods in a test's terms.</summary>
internal static class WaitingPacket
{
    public const int NumberLength = 4;

    public static Instant At(double milliseconds) => new((long)(milliseconds * 1e6));

    /// <summary>A UDP packet of a flow.</summary>
    /// <param name="flow">Its source port.</param>
    /// <param name="number">The beginning of its payload.</param>
    /// <param name="length">Bytes of the packet.</param>
    /// <param name="trafficClass">DSCP and ECN.</param>
    /// <param name="isIpv6">The version.</param>
    public static byte[] Create(int flow, int number, int length = 1400, byte trafficClass = 0, bool isIpv6 = false)
    {
        InnerPacketShape shape = new() { IsUdp = true, IsIpv6 = isIpv6, SourcePort = (ushort)flow, TrafficClass = trafficClass };
        byte[] payload = new byte[length - shape.HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return shape.Build(payload);
    }

    public static int Number(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadInt32BigEndian(packet[(packet[0] >> 4 == 4 ? 28 : 48)..]);

    public static int Flow(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[(packet[0] >> 4 == 4 ? 20 : 40)..]);

    public static void Add(this FqCodelQueue queue, double milliseconds, byte[] packet)
    {
        Assert.True(IpPacket.TryRead(packet, out IpPacket facts));
        queue.Enqueue(At(milliseconds), packet, facts);
    }

    public static byte[]? Take(this FqCodelQueue queue, double milliseconds)
    {
        byte[] destination = new byte[2000];
        return queue.TryDequeue(At(milliseconds), destination, out int length) ? destination[..length] : null;
    }

    public static List<byte[]> TakeAll(this FqCodelQueue queue, double milliseconds)
    {
        List<byte[]> packets = [];
        while (queue.Take(milliseconds) is { } packet) packets.Add(packet);
        return packets;
    }
}
