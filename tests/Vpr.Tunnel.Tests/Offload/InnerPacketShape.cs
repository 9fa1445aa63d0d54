using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Tunnel.Offload;

namespace Vpr.Tunnel.Tests.Offload;

/// <summary>The headers of a TCP or UDP packet to be built, byte by byte and without anything of the engine.</summary>
internal sealed record InnerPacketShape
{
    public bool IsIpv6 { get; init; }

    public bool IsUdp { get; init; }

    public byte Source { get; init; } = 1;

    public byte Destination { get; init; } = 2;

    public ushort SourcePort { get; init; } = 40_000;

    public ushort DestinationPort { get; init; } = 443;

    public byte TrafficClass { get; init; }

    public int FlowLabel { get; init; } = 0x12345;

    public byte HopLimit { get; init; } = 64;

    public bool DontFragment { get; init; } = true;

    public ushort Identification { get; init; } = 7;

    public uint Sequence { get; init; } = 1000;

    public uint Acknowledgment { get; init; } = 2000;

    public TcpFlags Flags { get; init; } = TcpFlags.Ack;

    public ushort Window { get; init; } = 501;

    public byte[] TcpOptions { get; init; } = [];

    public byte[] IpOptions { get; init; } = [];

    /// <summary>IPv6 extension headers; the last of them names the transport.</summary>
    public byte[] Extensions { get; init; } = [];

    /// <summary>The type of the first of <see cref="Extensions"/>.</summary>
    public byte ExtensionType { get; init; }

    /// <summary>The final destination, where a routing header names another than the IP header.</summary>
    public byte? FinalDestination { get; init; }

    public int TransportOffset => IsIpv6 ? 40 + Extensions.Length : 20 + IpOptions.Length;

    public int HeaderLength => TransportOffset + (IsUdp ? 8 : 20 + TcpOptions.Length);

    public int ChecksumField => TransportOffset + (IsUdp ? 6 : 16);

    public PartialChecksum Partial => new((ushort)TransportOffset, (ushort)(IsUdp ? 6 : 16));

    public Segmentation Segmentation => IsUdp ? Segmentation.Udp : IsIpv6 ? Segmentation.Tcp6 : Segmentation.Tcp4;

    /// <summary>A whole packet.</summary>
    public byte[] Build(ReadOnlySpan<byte> payload)
    {
        byte[] packet = Bare(payload);
        ushort checksum = (ushort)(SlowChecksum.Sum(packet.AsSpan(TransportOffset), SlowChecksum.PseudoHeader(this, packet.Length - TransportOffset)) ^ 0xFFFF);
        Write(packet, ChecksumField, IsUdp && checksum == 0 ? ushort.MaxValue : checksum);
        return packet;
    }

    /// <summary>A packet as a kernel gives it to a device that completes checksums: the field holds the pseudo-header's sum.</summary>
    public byte[] BuildPartial(ReadOnlySpan<byte> payload)
    {
        byte[] packet = Bare(payload);
        Write(packet, ChecksumField, SlowChecksum.Sum([], SlowChecksum.PseudoHeader(this, packet.Length - TransportOffset)));
        return packet;
    }

    /// <summary>The segments, as the RFCs and the kernel would have them; one after another and each built anew.</summary>
    public List<byte[]> Split(ReadOnlySpan<byte> payload, int segmentSize)
    {
        List<byte[]> segments = [];
        int done = 0;
        do
        {
            int length = Math.Min(segmentSize, payload.Length - done);
            TcpFlags flags = Flags;
            if (done + length < payload.Length) flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
            if (done > 0) flags &= ~TcpFlags.Cwr;
            InnerPacketShape segment = this with
            {
                Sequence = unchecked(Sequence + (uint)done),
                Identification = unchecked((ushort)(Identification + segments.Count)),
                Flags = flags,
            };
            segments.Add(segment.Build(payload.Slice(done, length)));
            done += length;
        }
        while (done < payload.Length);
        return segments;
    }

    public static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Testing.SeededRandom((ulong)seed).FillPublic(bytes);
        return bytes;
    }

    private byte[] Bare(ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[HeaderLength + payload.Length];
        if (IsIpv6) WriteIpv6(packet);
        else WriteIpv4(packet);
        int transport = TransportOffset;
        Write(packet, transport, SourcePort);
        Write(packet, transport + 2, DestinationPort);
        if (IsUdp)
        {
            Write(packet, transport + 4, (ushort)(packet.Length - transport));
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(transport + 4), Sequence);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(transport + 8), Acknowledgment);
            packet[transport + 12] = (byte)((20 + TcpOptions.Length) / 4 << 4);
            packet[transport + 13] = (byte)Flags;
            Write(packet, transport + 14, Window);
            TcpOptions.CopyTo(packet, transport + 20);
        }

        payload.CopyTo(packet.AsSpan(HeaderLength));
        return packet;
    }

    private void WriteIpv4(byte[] packet)
    {
        packet[0] = (byte)(0x40 | (20 + IpOptions.Length) / 4);
        packet[1] = TrafficClass;
        Write(packet, 2, (ushort)packet.Length);
        Write(packet, 4, Identification);
        packet[6] = (byte)(DontFragment ? 0x40 : 0);
        packet[8] = HopLimit;
        packet[9] = (byte)(IsUdp ? 17 : 6);
        SlowChecksum.Address(this, Source).CopyTo(packet, 12);
        SlowChecksum.Address(this, Destination).CopyTo(packet, 16);
        IpOptions.CopyTo(packet, 20);
        Write(packet, 10, (ushort)(SlowChecksum.Sum(packet.AsSpan(0, TransportOffset), 0) ^ 0xFFFF));
    }

    private void WriteIpv6(byte[] packet)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x6000_0000u | (uint)TrafficClass << 20 | (uint)FlowLabel);
        Write(packet, 4, (ushort)(packet.Length - 40));
        packet[6] = Extensions.Length > 0 ? ExtensionType : (byte)(IsUdp ? 17 : 6);
        packet[7] = HopLimit;
        SlowChecksum.Address(this, Source).CopyTo(packet, 8);
        SlowChecksum.Address(this, Destination).CopyTo(packet, 24);
        Extensions.CopyTo(packet, 40);
    }

    private static void Write(byte[] packet, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(offset), value);
}
