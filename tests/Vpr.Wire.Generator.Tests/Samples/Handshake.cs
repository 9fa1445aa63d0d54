namespace Vpr.Wire.Generator.Tests.Samples;

public enum CipherSuite : ushort
{
    Aes128GcmSha256 = 0x1301,
    Aes256GcmSha384 = 0x1302,
}

[WireFamily(TypeEncoding.UInt8, Length = Prefix.UInt24)]
public static partial class Handshake;

[WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)]
public static partial class Extension;

[WireFamily(TypeEncoding.External)]
public static partial class NextHeader;

[WireFormat, MemberOf(typeof(Handshake), 1)]
public readonly ref partial struct ClientHello
{
    [Constant(0x0303)]
    public ushort LegacyVersion => 0x0303;

    [Length(32)]
    public ReadOnlySpan<byte> Random { get; init; }

    [LengthPrefix(Prefix.UInt8, Max = 32)]
    public ReadOnlySpan<byte> SessionId { get; init; }

    [LengthPrefix(Prefix.UInt16, Min = 2)]
    public WireScalarList<CipherSuite> CipherSuites { get; init; }

    [LengthPrefix(Prefix.UInt8, Min = 1)]
    public ReadOnlySpan<byte> CompressionMethods { get; init; }

    [LengthPrefix(Prefix.UInt16)]
    public ReadOnlySpan<byte> Extensions { get; init; }
}

[WireFormat, MemberOf(typeof(Extension), 0x0033)]
public readonly ref partial struct KeyShareExtension
{
    [LengthPrefix(Prefix.UInt16)]
    public WireList<KeyShare> Shares { get; init; }
}

[WireFormat]
public readonly ref partial struct KeyShare
{
    public ushort Group { get; init; }

    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public ReadOnlySpan<byte> Key { get; init; }
}

[WireFormat, MemberOf(typeof(Extension), 0x002b)]
public readonly partial record struct SelectedVersionExtension([Between(0x0300, 0x0304)] ushort Version);

[WireFormat, MemberOf(typeof(NextHeader), 17)]
public readonly partial record struct UdpHeader(ushort SourcePort, ushort DestinationPort, ushort Length, ushort Checksum);

[WireFormat, MemberOf(typeof(NextHeader), 0)]
public readonly ref partial struct HopByHopHeader
{
    public IpProtocol Next { get; init; }

    public byte Units { get; init; }

    [LengthFrom(nameof(Units), Unit = 8)]
    public ReadOnlySpan<byte> More { get; init; }
}
