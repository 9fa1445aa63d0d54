using Samples.Shapes;
using Vpr.Wire.Generator.Tests.Samples;

namespace Vpr.Wire.Generator.Tests.Runs;

/// <summary>Structures whose length depends on their values, compiled and run.</summary>
public sealed class VariableStructureTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(63UL, "3F")]
    [InlineData(64UL, "4040")]
    [InlineData(16383UL, "7FFF")]
    [InlineData(16384UL, "80004000")]
    [InlineData((1UL << 30) - 1, "BFFFFFFF")]
    [InlineData(1UL << 30, "C000000040000000")]
    [InlineData(VarInt.Max, "FFFFFFFFFFFFFFFF")]
    public void Nesting_holds_at_the_boundaries_of_varints(ulong y, string hex) => Encoding.Check(
        new Segment(new Point(1, y), new Point(0xFFFF, y), 9), $"0001 {hex} FFFF {hex} 09");

    [Fact]
    public void A_varint_beyond_62_bits_is_misuse() => Assert.Equal("value", Encoding.Misuse(new Point(0, VarInt.Max + 1)));

    [Fact]
    public void Parts_without_their_flag_take_no_bytes() => Encoding.Check(new Optional { Kind = 1, Tail = 7 }, "01 00000007");

    [Fact]
    public void Parts_with_their_flag_come_in_order()
    {
        byte[] name = [0xEE];
        Encoding.Check(
            new Optional { HasPoint = true, HasName = true, Kind = 3, Point = new Point(5, 6), Extra = 8, More = 9, Name = name, Tail = 7 },
            "C3 000506 08 0009 01EE 00000007");
    }

    [Fact]
    public void An_absent_part_is_not_written_and_not_checked()
    {
        var absent = new Optional { Kind = 2, Extra = 8, Name = new byte[300], Tail = 7 };
        Assert.Equal("0200000007", Encoding.Hex(absent));
        Assert.Equal("Name", Encoding.Misuse(new Optional { HasName = true, Name = new byte[256] }));
    }

    [Fact]
    public void Every_way_to_delimit_bytes()
    {
        byte[] counted = [1, 2, 3], padded = [1, 2, 3, 4, 5, 6, 7, 8], last = [0xFE];
        WireScalarList<ushort>.TryParse([0, 1, 0, 2], out WireScalarList<ushort> pair);
        var delimited = new Delimited
        {
            Inner = new Point(1, 64), Pair = pair, Count = 3, Counted = counted, Words = 1, Padded = padded, IsPrefixed = true, Digit = 9, Last = last,
        };
        Encoding.Check(delimited, "000004 0001 4040 00010002 03 010203 00000001 0102030405060708 89 0001 FE");
    }

    [Fact]
    public void Without_its_prefix_the_last_part_runs_to_the_end()
    {
        byte[] padded = [1, 2, 3, 4], last = [0xFE, 0xFF];
        WireScalarList<ushort>.TryParse([0, 1, 0, 2], out WireScalarList<ushort> pair);
        Encoding.Check(new Delimited { Pair = pair, Padded = padded, Digit = 1, Last = last },
            "000003 0000 00 00010002 00 00000000 01020304 01 FEFF", hasEnd: false);
    }

    [Theory]
    [InlineData("000003 0000 00 00010002 00 00000000 01020304 01", true)]
    [InlineData("000004 0000 00 AA 00010002 00 00000000 01020304 01", false)] // nested structure shorter than its prefix
    [InlineData("000002 0000 00 00010002 00 00000000 01020304 01", false)] // and longer
    [InlineData("000003 0000 00 00010002 00 FFFFFFFF 01020304 01", false)] // length beyond int
    [InlineData("000003 0000 00 00010002 00 7FFFFFFF 01020304 01", false)]
    [InlineData("000003 0000 00 00010002 FFFFFFFFFFFFFFFF 00000000 01020304 01", false)] // count beyond int
    [InlineData("000003 0000 00 00010002 00 00000000 01020304 00", false)] // digit below its bounds
    [InlineData("000003 0000 00 00010002 00 00000000 01020304 0A", false)] // and above
    [InlineData("000003 0000 00 00010002 00 00000000 01020304 81 0001", false)] // last part cut short
    public void Delimited_parts_are_checked(string hex, bool parses) => Assert.Equal(parses, Encoding.Parses<Delimited>(hex));

    [Fact]
    public void Lengths_that_contradict_each_other_are_misuse()
    {
        WireScalarList<ushort>.TryParse([0, 1, 0, 2], out WireScalarList<ushort> pair);
        byte[] four = new byte[4];
        Assert.Equal("Pair", Encoding.Misuse(new Delimited { Padded = four, Digit = 1 }));
        Assert.Equal("Counted", Encoding.Misuse(new Delimited { Pair = pair, Padded = four, Digit = 1, Count = 1 }));
        Assert.Equal("Padded", Encoding.Misuse(new Delimited { Pair = pair, Digit = 1 }));
        Assert.Equal("Padded", Encoding.Misuse(new Delimited { Pair = pair, Padded = four, Digit = 1, Words = uint.MaxValue }));
        Assert.Equal("Digit", Encoding.Misuse(new Delimited { Pair = pair, Padded = four, Digit = 10 }));
        Assert.Equal("Last", Encoding.Misuse(new Delimited { Pair = pair, Padded = four, Digit = 1, Last = new byte[65536] }));
    }

    [Fact]
    public void A_conditional_part_may_run_to_the_end()
    {
        Encoding.Check(default(Trailing), "02");
        WireList<Point> points = WireList.Create<Point>([new(1, 2), new(3, 4)], new byte[6]);
        Encoding.Check(new Trailing { HasPoints = true, Points = points }, "82 000102 000304", hasEnd: false);
        Assert.False(Encoding.Parses<Trailing>("03"));
        Assert.False(Encoding.Parses<Trailing>("82 0001"));
    }

    [Theory]
    [InlineData("05 04 C0000201 20", true)]
    [InlineData("05 04 C0000201 21", false)] // longer than the address
    [InlineData("05 05 C0000201 20", false)] // no such version
    [InlineData("05 06 C0000201 20", false)] // not an IPv6 address
    [InlineData("05 06 20010DB8000000000000000000000001 80", true)]
    [InlineData("05 06 20010DB8000000000000000000000001 81", false)]
    public void A_rule_of_the_structure_is_checked(string hex, bool parses) => Assert.Equal(parses, Encoding.Parses<AssignedAddress>(hex));

    [Fact]
    public void A_value_that_breaks_a_rule_is_misuse()
    {
        byte[] address = [192, 0, 2, 1];
        Assert.Equal("IsPrefixLengthInRange", Encoding.Misuse(new AssignedAddress { IpVersion = 4, Address = address, PrefixLength = 33 }));
        Assert.Equal("Address", Encoding.Misuse(new AssignedAddress { IpVersion = 6, Address = address }));
        Encoding.Check(new AssignedAddress { IpVersion = 4, Address = address, PrefixLength = 32 }, "00 04 C0000201 20");
    }
}
