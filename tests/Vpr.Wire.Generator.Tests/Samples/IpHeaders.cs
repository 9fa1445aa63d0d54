namespace Vpr.Wire.Generator.Tests.Samples;

public enum IpProtocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
}

[WireScalar]
public readonly record struct Ipv4Address(uint Value);

[WireFormat]
public readonly ref partial struct Ipv4Header
{
    [Bits(4), Constant(4)]
    public byte Version => 4;

    [Bits(4), Between(5, 15)]
    public byte HeaderWords { get; init; }

    [Bits(6)]
    public byte TrafficClass { get; init; }

    [Bits(2)]
    public byte Ecn { get; init; }

    public ushort TotalLength { get; init; }

    public ushort Identification { get; init; }

    [Constant(0)]
    public bool Reserved => false;

    public bool DontFragment { get; init; }

    public bool MoreFragments { get; init; }

    [Bits(13)]
    public ushort FragmentOffset { get; init; }

    public byte TimeToLive { get; init; }

    public IpProtocol Protocol { get; init; }

    public ushort Checksum { get; init; }

    public Ipv4Address Source { get; init; }

    public Ipv4Address Destination { get; init; }

    [LengthFrom(nameof(HeaderWords), Unit = 4, Bias = -5)]
    public ReadOnlySpan<byte> Options { get; init; }
}

[WireFormat]
public readonly partial record struct Ipv6Header(
    [Bits(4), Between(6, 6)] byte Version,
    [Bits(8)] byte TrafficClass,
    [Bits(20)] uint FlowLabel,
    ushort PayloadLength,
    IpProtocol NextHeader,
    byte HopLimit,
    UInt128 Source,
    UInt128 Destination);

[WireFormat(LittleEndian = true)]
public readonly partial record struct KernelHeader(
    byte Flags, byte GsoType, ushort HeaderLength, uint Checksum, ulong Cookie, [Bits(3)] byte High, [Bits(5)] byte Low);
