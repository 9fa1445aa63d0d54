namespace Vpr.Interop.Darwin.Tests;

public sealed class UtunFrameTests
{
    [Theory]
    [InlineData(0x45, "00000002")]
    [InlineData(0x60, "0000001E")]
    public void The_header_is_the_address_family_of_macOS_in_network_order(byte firstByte, string expected)
    {
        byte[] header = new byte[4];
        Assert.True(UtunFrame.TryWrite(header, firstByte));
        Assert.Equal(expected, Convert.ToHexString(header));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x54)]
    [InlineData(0xF0)]
    public void What_is_no_IP_packet_has_none(byte firstByte)
    {
        byte[] header = [9, 9, 9, 9];
        Assert.False(UtunFrame.TryWrite(header, firstByte));
        Assert.Equal([9, 9, 9, 9], header);
    }

    [Theory]
    [InlineData("00000002" + "45", true)]
    [InlineData("0000001E" + "6000", true)]
    [InlineData("", false)]
    [InlineData("0000", false)]
    [InlineData("00000002", false)]
    [InlineData("00000002" + "60", false)]
    [InlineData("0000001E" + "45", false)]
    [InlineData("0000000A" + "60", false)]
    [InlineData("02000000" + "45", false)]
    [InlineData("00000000" + "00", false)]
    public void A_frame_is_a_header_and_a_packet_of_its_family(string frame, bool isWhole) =>
        Assert.Equal(isWhole, UtunFrame.IsWhole(Convert.FromHexString(frame)));
}
