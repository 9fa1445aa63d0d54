using Samples.Shapes;
using Vpr.Wire.Generator.Tests.Samples;

namespace Vpr.Wire.Generator.Tests.Runs;

/// <summary>Structures of integers and bit fields, compiled and run.</summary>
public sealed class FixedStructureTests
{
    [Fact]
    public void Ipv6_packs_twenty_bits_of_flow_label() => Encoding.Check(
        new Ipv6Header(6, 0xAB, 0xCDEF1, 0x1234, IpProtocol.Tcp, 64, UInt128.One, UInt128.MaxValue),
        "6ABCDEF1 1234 06 40 00000000000000000000000000000001 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");

    [Theory]
    [InlineData("5")]
    [InlineData("7")]
    public void Ipv6_refuses_another_version(string version) =>
        Assert.False(Encoding.Parses<Ipv6Header>(version + new string('0', 79)));

    [Fact]
    public void Bounds_hold_for_the_writer_too()
    {
        Assert.Equal("Version", Encoding.Misuse(new Ipv6Header(4, 0, 0, 0, IpProtocol.Tcp, 0, 0, 0)));
        Assert.Null(Encoding.Misuse(new Ipv6Header(6, 0, 0xFFFFF, 0, IpProtocol.Tcp, 0, 0, 0)));
        Assert.Equal("FlowLabel", Encoding.Misuse(new Ipv6Header(6, 0, 0x100000, 0, IpProtocol.Tcp, 0, 0, 0)));
    }

    [Fact]
    public void Little_endian_integers_begin_with_the_least_octet() => Encoding.Check(
        new KernelHeader(1, 2, 0x0304, 0x05060708, 0x1112131415161718, 7, 1), "01 02 0403 08070605 1817161514131211 E1");

    [Fact]
    public void Odd_widths_hold_their_greatest_values() => Encoding.Check(
        new Integers(0xFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, 0xFFFF, 0xFF), new string('F', 48));

    [Fact]
    public void Odd_widths_keep_the_order_of_octets() => Encoding.Check(
        new Integers(0x010203, 0x0102030405, 0x010203040506, 0x01020304050607, 0x0102, 0x01),
        "010203 0102030405 010203040506 01020304050607 0102 01");

    [Fact]
    public void A_value_wider_than_its_field_is_misuse()
    {
        Assert.Equal("Three", Encoding.Misuse(new Integers(0x1000000, 0, 0, 0, 0, 0)));
        Assert.Equal("Five", Encoding.Misuse(new Integers(0, 1UL << 40, 0, 0, 0, 0)));
        Assert.Equal("Six", Encoding.Misuse(new Integers(0, 0, 1UL << 48, 0, 0, 0)));
        Assert.Equal("Seven", Encoding.Misuse(new Integers(0, 0, 0, 1UL << 56, 0, 0)));
        Assert.Equal("Two", Encoding.Misuse(new Integers(0, 0, 0, 0, 0x10000, 0)));
        Assert.Equal("One", Encoding.Misuse(new Integers(0, 0, 0, 0, 0, 0x100)));
    }

    [Fact]
    public void Bit_fields_fill_octets_from_the_most_significant_bit() => Encoding.Check(
        new Fields(Color.Green, true, 0b10101, 0x123456, 0x123456789A, true, 0x7F), "75 123456 123456789A FF");

    [Fact]
    public void A_constant_is_written_whatever_the_property_holds() => Encoding.Check(
        new Fields(Color.Red, false, 0, 0, 0, One: false, 0), "00 000000 0000000000 80");

    [Fact]
    public void A_constant_bit_is_checked() => Assert.False(Encoding.Parses<Fields>("00 000000 0000000000 7F"));

    [Fact]
    public void A_bit_field_too_wide_is_misuse()
    {
        Assert.Equal("Color", Encoding.Misuse(new Fields((Color)4, false, 0, 0, 0, true, 0)));
        Assert.Equal("Five", Encoding.Misuse(new Fields(Color.Red, false, 32, 0, 0, true, 0)));
        Assert.Equal("Wider", Encoding.Misuse(new Fields(Color.Red, false, 0, 0, 1UL << 40, true, 0)));
    }

    [Fact]
    public void Ipv4_has_the_octets_of_its_figure()
    {
        byte[] options = [1, 2, 3, 4];
        var header = new Ipv4Header
        {
            HeaderWords = 6, TrafficClass = 0x2E, Ecn = 1, TotalLength = 0x0102, Identification = 0x0304, DontFragment = true,
            FragmentOffset = 0x1ABC, TimeToLive = 64, Protocol = IpProtocol.Udp, Checksum = 0x0506,
            Source = new Ipv4Address(0xC0000201), Destination = new Ipv4Address(0xC6336402), Options = options,
        };
        Encoding.Check(header, "46 B9 0102 0304 5ABC 40 11 0506 C0000201 C6336402 01020304");
    }

    [Theory]
    [InlineData("45", "0000", true)]
    [InlineData("65", "0000", false)] // version 6
    [InlineData("44", "0000", false)] // fewer than five words
    [InlineData("46", "0000", false)] // options beyond the source
    [InlineData("45", "8000", false)] // reserved bit
    public void Ipv4_is_checked(string first, string fragment, bool parses) =>
        Assert.Equal(parses, Encoding.Parses<Ipv4Header>($"{first}00 0000 0000 {fragment} 00 00 0000 00000000 00000000"));

    [Fact]
    public void Ipv4_options_must_be_as_long_as_the_header_says() =>
        Assert.Equal("Options", Encoding.Misuse(new Ipv4Header { HeaderWords = 6, Options = new byte[8] }));
}
