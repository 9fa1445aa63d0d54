namespace Vpr.Wire.Tests;

public sealed class WideIntegerTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(0x01020304050607UL)]
    [InlineData(0x80808080808080UL)]
    [InlineData(0xFFFFFFFFFFFFFFUL)]
    public void Each_width_takes_the_low_octets_in_network_order(ulong value)
    {
        byte[] octets = new byte[7];
        string hex = value.ToString("X14");
        WideInteger.WriteUInt56(octets, value);
        Assert.Equal(hex, Convert.ToHexString(octets));
        Assert.Equal(value, WideInteger.ReadUInt56(octets));
        WideInteger.WriteUInt48(octets, value);
        Assert.Equal(hex[2..], Convert.ToHexString(octets, 0, 6));
        Assert.Equal(value & 0xFFFFFFFFFFFF, WideInteger.ReadUInt48(octets));
        WideInteger.WriteUInt40(octets, value);
        Assert.Equal(hex[4..], Convert.ToHexString(octets, 0, 5));
        Assert.Equal(value & 0xFFFFFFFFFF, WideInteger.ReadUInt40(octets));
        WideInteger.WriteUInt24(octets, (uint)(value & 0xFFFFFFFF));
        Assert.Equal(hex[8..], Convert.ToHexString(octets, 0, 3));
        Assert.Equal((uint)(value & 0xFFFFFF), WideInteger.ReadUInt24(octets));
    }
}
