using System.Text;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>The structures that open and set up an interface, byte by byte, since no kernel here takes them.</summary>
public sealed class UtunControlTests
{
    [Theory]
    [InlineData("utun", 0u)]
    [InlineData("utun0", 1u)]
    [InlineData("utun27", 28u)]
    [InlineData("utun65535", 65_536u)]
    public void The_unit_is_one_more_than_the_number(string name, uint unit) => Assert.Equal(unit, UtunControl.ParseUnit(name));

    [Theory]
    [InlineData("")]
    [InlineData("vpr0")]
    [InlineData("utun-1")]
    [InlineData("utun+1")]
    [InlineData("utun 1")]
    [InlineData("utun65536")]
    [InlineData("UTUN1")]
    public void There_are_no_other_names(string name) => Assert.Throws<ArgumentException>(() => UtunControl.ParseUnit(name));

    [Fact]
    public void Ctl_info_holds_the_name_of_the_control()
    {
        byte[] info = Filled(UtunControl.InfoSize);
        UtunControl.WriteInfo(info);
        Assert.Equal(100, info.Length);
        Assert.Equal(new byte[4], info[..4]);
        Assert.Equal("com.apple.net.utun_control", Encoding.ASCII.GetString(info, 4, 26));
        Assert.Equal(new byte[70], info[30..]);
    }

    [Fact]
    public void Sockaddr_ctl_has_32_bytes()
    {
        byte[] address = Filled(UtunControl.AddressSize);
        UtunControl.WriteAddress(address, control: 0x0102, unit: 8);
        Assert.Equal("20" + "20" + "0200" + "02010000" + "08000000" + new string('0', 40), Convert.ToHexString(address));
    }

    [Fact]
    public void Ifreq_has_32_bytes()
    {
        byte[] request = Filled(UtunControl.RequestSize);
        UtunControl.WriteRequest(request, "utun7", 1400);
        Assert.Equal("7574756E37" + new string('0', 22) + "78050000" + new string('0', 24), Convert.ToHexString(request));
    }

    private static byte[] Filled(int size)
    {
        byte[] bytes = new byte[size];
        bytes.AsSpan().Fill(0xAA);
        return bytes;
    }
}
