using System.Buffers.Binary;
using Vpr.Wire;
using Vpr.Wire.Ip;

namespace Vpr.Perf.Micro.Wire;

// What one would write in place of the declarations: the same parts, the same checks, the same results.

internal readonly ref struct HandWrittenIpv4
{
    public byte HeaderWords { get; init; }

    public byte DifferentiatedServices { get; init; }

    public byte Ecn { get; init; }

    public ushort TotalLength { get; init; }

    public ushort Identification { get; init; }

    public bool Reserved { get; init; }

    public bool DontFragment { get; init; }

    public bool MoreFragments { get; init; }

    public ushort FragmentOffset { get; init; }

    public byte TimeToLive { get; init; }

    public IpProtocol Protocol { get; init; }

    public ushort HeaderChecksum { get; init; }

    public uint SourceAddress { get; init; }

    public uint DestinationAddress { get; init; }

    public ReadOnlySpan<byte> Options { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> packet, out HandWrittenIpv4 header, out int consumed)
    {
        header = default;
        consumed = 0;
        if (packet.Length < 20 || packet[0] >> 4 != 4)
            return false;
        int words = packet[0] & 0xF;
        int length = words * 4;
        ushort totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (words < 5 || length > packet.Length || totalLength < length)
            return false;
        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        header = new HandWrittenIpv4
        {
            HeaderWords = (byte)words,
            DifferentiatedServices = (byte)(packet[1] >> 2),
            Ecn = (byte)(packet[1] & 3),
            TotalLength = totalLength,
            Identification = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]),
            Reserved = (fragment & 0x8000) != 0,
            DontFragment = (fragment & 0x4000) != 0,
            MoreFragments = (fragment & 0x2000) != 0,
            FragmentOffset = (ushort)(fragment & 0x1FFF),
            TimeToLive = packet[8],
            Protocol = (IpProtocol)packet[9],
            HeaderChecksum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]),
            SourceAddress = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]),
            DestinationAddress = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]),
            Options = packet[20..length],
        };
        consumed = length;
        return true;
    }
}

internal readonly record struct HandWrittenIpv6(
    byte Version, byte DifferentiatedServices, byte Ecn, uint FlowLabel, ushort PayloadLength, IpProtocol NextHeader, byte HopLimit,
    UInt128 SourceAddress, UInt128 DestinationAddress)
{
    public static bool TryParse(ReadOnlySpan<byte> packet, out HandWrittenIpv6 header, out int consumed)
    {
        header = default;
        consumed = 0;
        if (packet.Length < 40)
            return false;
        uint first = BinaryPrimitives.ReadUInt32BigEndian(packet);
        if (first >> 28 != 6)
            return false;
        header = new HandWrittenIpv6(
            6, (byte)(first >> 22 & 0x3F), (byte)(first >> 20 & 3), first & 0xFFFFF,
            BinaryPrimitives.ReadUInt16BigEndian(packet[4..]), (IpProtocol)packet[6], packet[7],
            BinaryPrimitives.ReadUInt128BigEndian(packet[8..]), BinaryPrimitives.ReadUInt128BigEndian(packet[24..]));
        consumed = 40;
        return true;
    }
}

internal readonly ref struct HandWrittenDatagramFrame
{
    public bool HasLength { get; init; }

    public ReadOnlySpan<byte> Data { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> packet, out HandWrittenDatagramFrame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (packet.IsEmpty || (packet[0] & 0xFE) != 0x30)
            return false;
        bool hasLength = (packet[0] & 1) != 0;
        ReadOnlySpan<byte> data = packet[1..];
        if (hasLength)
        {
            if (!VarInt.TryRead(data, out ulong length, out consumed) || length > (ulong)(data.Length - consumed))
                return false;
            data = data.Slice(consumed, (int)length);
        }
        consumed += 1 + data.Length;
        frame = new HandWrittenDatagramFrame { HasLength = hasLength, Data = data };
        return true;
    }
}

internal readonly ref struct HandWrittenDatagramCapsule
{
    public ReadOnlySpan<byte> Payload { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> stream, out HandWrittenDatagramCapsule capsule, out int consumed)
    {
        capsule = default;
        consumed = 0;
        if (!VarInt.TryRead(stream, out ulong type, out int start) || type != 0)
            return false;
        if (!VarInt.TryRead(stream[start..], out ulong length, out int size) || length > (ulong)(stream.Length - start - size))
            return false;
        capsule = new HandWrittenDatagramCapsule { Payload = stream.Slice(start + size, (int)length) };
        consumed = start + size + (int)length;
        return true;
    }
}
