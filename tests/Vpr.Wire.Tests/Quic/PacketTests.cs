using Vpr.Wire.Quic;

namespace Vpr.Wire.Tests.Quic;

public class PacketTests
{
    [Fact]
    [Trait("rfc", "9001 §A.2")]
    public void TheClientsInitialHeaderIsThatOfTheRfc()
    {
        var header = new InitialHeader
        {
            FixedBit = true,
            ProtectedBits = 3,
            Version = 1,
            DestinationConnectionId = Hex.Bytes("8394c8f03e515708"),
        };
        byte[] written = new byte[22];
        int length = header.Write(written);
        VarInt.Write(written.AsSpan(length), 1182, 2);
        written[21] = 2;
        Assert.Equal(Hex.Bytes("c300000001088394c8f03e5157080000449e00000002"), written);
    }

    [Fact]
    [Trait("rfc", "9001 §A.2")]
    public void TheClientsInitialPacketIsRead()
    {
        byte[] datagram = [.. Hex.Bytes("c000000001088394c8f03e5157080000449e"), .. new byte[1182]];
        Assert.Equal(1200, datagram.Length);
        InitialPacket packet = Samples.Parse<InitialPacket>(datagram);
        Assert.Equal(Hex.Bytes("8394c8f03e515708"), packet.Header.DestinationConnectionId.ToArray());
        Assert.True(packet.Header.SourceConnectionId.IsEmpty);
        Assert.True(packet.Header.Token.IsEmpty);
        Assert.Equal(1182, packet.Protected.Length);
    }

    [Fact]
    [Trait("rfc", "9001 §A.3")]
    public void TheServersInitialHeaderIsThatOfTheRfc()
    {
        var header = new InitialHeader { FixedBit = true, ProtectedBits = 1, Version = 1, SourceConnectionId = Hex.Bytes("f067a5502a4262b5") };
        byte[] written = new byte[20];
        int length = header.Write(written);
        VarInt.Write(written.AsSpan(length), 117, 2);
        written[19] = 1;
        Assert.Equal(Hex.Bytes("c1000000010008f067a5502a4262b50040750001"), written);
    }

    [Fact]
    [Trait("rfc", "9001 §A.4")]
    public void TheRetryPacketIsRead()
    {
        RetryPacket retry = Samples.Parse<RetryPacket>(Hex.Bytes("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba"));
        Assert.Equal(Hex.Bytes("f067a5502a4262b5"), retry.SourceConnectionId.ToArray());
        Assert.Equal("token"u8.ToArray(), retry.RetryToken.ToArray());
        Assert.Equal(Hex.Bytes("04a265ba2eff4d829058fb3f0f2496ba"), retry.IntegrityTag.ToArray());
    }

    [Fact]
    [Trait("rfc", "9001 §A.5")]
    public void TheShortHeaderIsThatOfTheRfc()
    {
        var header = new ShortHeader(0, FixedBit: true, SpinBit: false, 0, KeyPhase: false, PacketNumberLength: 2);
        Assert.Equal(Hex.Bytes("42"), Samples.Write(in header));
        Assert.Equal(header, Samples.Parse<ShortHeader>(Hex.Bytes("42")));
    }

    [Fact]
    [Trait("rfc", "9000 §17.3.1")]
    public void AShortHeaderHasItsBitsWhereTheRfcPutsThem()
    {
        Assert.Equal(new ShortHeader(0, true, true, 0, true, 3), Samples.Parse<ShortHeader>(Hex.Bytes("67")));
        Assert.Equal(new ShortHeader(0, false, false, 3, false, 0), Samples.Parse<ShortHeader>(Hex.Bytes("18")));
        Samples.Refuse<ShortHeader>(Hex.Bytes("c0"));
    }

    [Fact]
    [Trait("rfc", "8999 §5.1")]
    public void AnUnknownVersionsLongConnectionIdsAreRead()
    {
        byte[] destination = new byte[255];
        byte[] source = new byte[21];
        byte[] packet = [0xBF, 0xDE, 0xAD, 0xBE, 0xEF, 255, .. destination, 21, .. source];
        InvariantLongHeader header = Samples.Parse<InvariantLongHeader>(packet);
        Assert.Equal(255, header.DestinationConnectionId.Length);
        Assert.Equal(LongPacketType.Retry, header.TypeInVersion1);
        Samples.Refuse<InitialHeader>([0xC0, .. packet.AsSpan(1), 0]);
    }

    [Fact]
    [Trait("rfc", "9000 §17.2.1")]
    public void VersionNegotiationNamesVersions()
    {
        VersionNegotiationPacket packet = Samples.Parse<VersionNegotiationPacket>(Hex.Bytes("c0 00000000 02 aabb 01 cc 00000001 6b3343cf"));
        Assert.Equal(2, packet.SupportedVersions.Count);
        Assert.True(packet.SupportedVersions.Contains(0x6B3343CF));
        Samples.Refuse<VersionNegotiationPacket>(Hex.Bytes("c0 00000000 02 aabb 01 cc"));
        Samples.Refuse<VersionNegotiationPacket>(Hex.Bytes("c0 00000000 02 aabb 01 cc 000001"));
    }

    [Fact]
    [Trait("rfc", "9287 §3")]
    public void TheFixedBitMayBeGreased()
    {
        HandshakePacket parsed = Samples.Parse<HandshakePacket>([.. Hex.Bytes("a000000001 01 01 01 02 14"), .. new byte[20]]);
        Assert.False(parsed.Header.FixedBit);
    }

    [Fact]
    [Trait("rfc", "9000 §12.2")]
    public void APacketThatCannotBeOpenedDoesNotHideTheNext()
    {
        byte[] tooShort = Hex.Bytes("e000000001 00 00 13 00000000000000000000000000000000000000");
        Assert.True(HandshakePacket.TryParse([.. tooShort, .. Hex.Bytes("40")], out HandshakePacket packet, out int consumed));
        Assert.Equal((19, tooShort.Length), (packet.Protected.Length, consumed));
        Samples.Refuse<HandshakePacket>(tooShort[..^1]);
    }
}
