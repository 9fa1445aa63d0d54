using Vpr.Fuzz.Targets;
using Vpr.Wire.Ip;
using Vpr.Wire.Masque;

namespace Vpr.Wire.Tests.Masque;

public class CapsuleTests
{
    [Fact]
    [Trait("rfc", "9484 §8.1")]
    public void TheCapsulesOfRemoteAccessAreRead()
    {
        AddressRequestCapsule request = Samples.Parse<AddressRequestCapsule>(Hex.Bytes("02 07 01 04 00000000 20"));
        foreach (RequestedAddress address in request.RequestedAddresses)
            Assert.Equal(RequestedAddress.Ipv4(1, 0, 32), address);

        AddressAssignCapsule assign = Samples.Parse<AddressAssignCapsule>(Hex.Bytes("01 07 01 04 c000020b 20"));
        foreach (AssignedAddress address in assign.AssignedAddresses)
            Assert.Equal(AssignedAddress.Ipv4(1, 0xC000020B, 32), address);

        RouteAdvertisementCapsule routes = Samples.Parse<RouteAdvertisementCapsule>(Hex.Bytes("03 0a 04 00000000 ffffffff 00"));
        foreach (IpAddressRange range in routes.IpAddressRanges)
            Assert.Equal(IpAddressRange.Ipv4(0, uint.MaxValue), range);
    }

    [Fact]
    [Trait("rfc", "9484 §4.7.1")]
    public void AddressesOfBothVersionsAreWritten()
    {
        UInt128 prefix = new(0x2001_0DB8_0000_0000, 0);
        WireList<AssignedAddress> addresses = WireList.Create([AssignedAddress.Ipv4(1, 0xC000020B, 32), AssignedAddress.Ipv6(0, prefix, 64)], new byte[100]);
        byte[] written = Samples.Write(new AddressAssignCapsule { AssignedAddresses = addresses });
        Assert.Equal(Hex.Bytes("01 1a 01 04 c000020b 20 00 06 20010db8000000000000000000000000 40"), written);
        Assert.Equal(2, Samples.Parse<AddressAssignCapsule>(written).AssignedAddresses.Count);
        Assert.True(Samples.Parse<AddressAssignCapsule>(Hex.Bytes("01 00")).AssignedAddresses.IsEmpty);
    }

    [Theory]
    [Trait("rfc", "9484 §4.7.1")]
    [InlineData("01 07 00 04 c0000200 18", true)]
    [InlineData("01 07 00 04 c0000201 18", false)]
    [InlineData("01 07 00 04 c0000201 21", false)]
    [InlineData("01 07 00 04 00000000 00", true)]
    [InlineData("01 07 00 04 80000000 00", false)]
    [InlineData("01 07 00 05 c0000200 18", false)]
    [InlineData("01 07 00 06 c0000200 18", false)]
    [InlineData("01 13 00 06 20010db8000000000000000000000001 80", true)]
    [InlineData("01 13 00 06 20010db8000000000000000000000001 7f", false)]
    [InlineData("01 13 00 06 20010db8000000000000000000000001 81", false)]
    [InlineData("01 13 00 06 00000000000000000000000000000000 00", true)]
    [InlineData("01 06 00 04 c0000200", false)]
    public void BitsBehindAPrefixAreMalformed(string hex, bool parses) =>
        Assert.Equal(parses, AddressAssignCapsule.TryParse(Hex.Bytes(hex), out _, out _));

    [Theory]
    [Trait("rfc", "9484 §4.7.2")]
    [InlineData("02 00")]
    [InlineData("02 07 00 04 00000000 20")]
    public void ARequestAsksForSomethingByANumber(string hex) => Samples.Refuse<AddressRequestCapsule>(Hex.Bytes(hex));

    [Theory]
    [Trait("rfc", "9484 §4.7.3")]
    [InlineData("03 00", true)]
    [InlineData("03 0a 04 c0000202 c0000201 00", false)]
    [InlineData("03 0a 04 c0000201 c0000201 11", true)]
    [InlineData("03 14 04 0a000000 0affffff 00 04 0b000000 0bffffff 00", true)]
    [InlineData("03 14 04 0b000000 0bffffff 00 04 0a000000 0affffff 00", false)]
    [InlineData("03 14 04 0a000000 0affffff 00 04 0affffff 0bffffff 00", false)]
    [InlineData("03 14 04 0b000000 0bffffff 06 04 0a000000 0affffff 11", true)]
    [InlineData("03 14 04 0b000000 0bffffff 11 04 0a000000 0affffff 06", false)]
    [InlineData("03 2c 04 ff000000 ffffffff 11 06 20010db8000000000000000000000000 20010db80000000000000000ffffffff 00", true)]
    [InlineData("03 2c 06 20010db8000000000000000000000000 20010db80000000000000000ffffffff 00 04 ff000000 ffffffff 11", false)]
    public void RoutesAreInOrderWithoutOverlap(string hex, bool parses) =>
        Assert.Equal(parses, RouteAdvertisementCapsule.TryParse(Hex.Bytes(hex), out _, out _));

    [Fact]
    [Trait("rfc", "9297 §3.2")]
    public void ACapsuleNotYetThereIsNotMalformed()
    {
        byte[] capsules = Hex.Bytes("01 07 01 04 c000020b 20 4ab0 02 aabb 00 03 00 4500");
        var visitor = new CapsuleVisitor();
        Assert.Equal(WireStatus.Done, Capsule.Dispatch(capsules, ref visitor, out int first));
        Assert.Equal(9, first);
        Assert.Equal(WireStatus.Unknown, Capsule.Dispatch(capsules.AsSpan(9), ref visitor, out int second));
        Assert.Equal(5, second);
        Assert.Equal(WireStatus.Done, Capsule.Dispatch(capsules.AsSpan(14), ref visitor, out int third));
        Assert.Equal(5, third);
        for (int length = 0; length < 9; length++)
            Assert.Equal(WireStatus.NeedMoreData, Capsule.Dispatch(capsules.AsSpan(0, length), ref visitor, out _));
        Assert.Equal(WireStatus.NeedMoreData, Capsule.Dispatch(Hex.Bytes("00 ffffffffffffffff 00"), ref visitor, out _));
    }

    [Fact]
    [Trait("rfc", "9297 §2.1")]
    public void AnHttpDatagramNamesItsStreamAndItsContext()
    {
        HttpDatagram datagram = Samples.Parse<HttpDatagram>(Hex.Bytes("0b 00 4500"));
        Assert.Equal(11UL, datagram.QuarterStreamId);
        ContextDatagram context = Samples.Parse<ContextDatagram>(datagram.Payload.ToArray());
        Assert.Equal(0UL, context.ContextId);
        Assert.Equal(Hex.Bytes("4500"), context.Payload.ToArray());
        Samples.Refuse<HttpDatagram>(Hex.Bytes("d000000000000000"));
        Samples.Parse<HttpDatagram>(Hex.Bytes("cfffffffffffffff"));
    }

    [Fact]
    public void AProtocolNarrowsARange() =>
        Assert.Equal(IpProtocol.Udp, Samples.Parse<IpAddressRange>(Hex.Bytes("04 c0000201 c0000201 11")).IpProtocol);
}
