using FsCheck.Xunit;
using Vpr.Wire.Quic;

namespace Vpr.Wire.Tests.Quic;

[Trait("rfc", "9000 §17.1")]
public class PacketNumberTests
{
    [Theory]
    [Trait("rfc", "9000 §A.2")]
    [InlineData(0xAC5C02, 0xABE8B3, 2)]
    [InlineData(0xACE8FE, 0xABE8B3, 3)]
    public void TheLengthsOfTheRfcAreChosen(ulong packetNumber, ulong largestAcknowledged, int length) =>
        Assert.Equal(length, PacketNumber.Length(packetNumber, largestAcknowledged));

    [Fact]
    [Trait("rfc", "9000 §A.3")]
    public void TheSampleOfTheRfcIsCompleted() =>
        Assert.Equal(0xA82F9B32UL, PacketNumber.Decode(0x9B32, 2, 0xA82F30EA));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(32_767, 2)]
    [InlineData(32_768, 3)]
    [InlineData(8_388_607, 3)]
    [InlineData(8_388_608, 4)]
    public void BeforeAnAcknowledgementAllPacketsCount(ulong packetNumber, int length) =>
        Assert.Equal(length, PacketNumber.Length(packetNumber, null));

    // Whatever the receiver has seen of what the sender may have in flight, it completes the number the sender meant.
    [Property(Replay = "(20261122,1)")]
    public bool WhatASenderShortensAReceiverCompletes(ulong start, uint inFlight, uint seen)
    {
        ulong acknowledged = start % (1UL << 61);
        ulong packetNumber = acknowledged + 1 + inFlight % (1u << 30);
        ulong largestReceived = acknowledged + seen % (packetNumber - acknowledged);
        int length = PacketNumber.Length(packetNumber, acknowledged);
        Span<byte> bytes = stackalloc byte[4];
        PacketNumber.Write(bytes, packetNumber, length);
        return PacketNumber.Decode(PacketNumber.Read(bytes, length), length, largestReceived) == packetNumber;
    }
}
