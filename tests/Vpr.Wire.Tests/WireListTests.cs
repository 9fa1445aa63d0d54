using Vpr.Wire.Quic;
using Vpr.Wire.Tls;

namespace Vpr.Wire.Tests;

[WireScalar]
internal readonly record struct ListNumber(uint Value);

public sealed class WireListTests
{
    [Fact]
    public void Elements_come_in_order()
    {
        WireList<AckRange> list = WireList.Create<AckRange>([new(1, 2), new(3, VarInt.Max)], new byte[64]);
        Assert.Equal("0102" + "03FFFFFFFFFFFFFFFF", Convert.ToHexString(list.Encoded));
        Assert.Equal(2, list.Count);
        Assert.Equal(11, list.EncodedLength);
        var seen = new List<AckRange>();
        foreach (AckRange element in list)
            seen.Add(element);
        Assert.Equal([new(1, 2), new(3, VarInt.Max)], seen);
    }

    [Fact]
    public void The_default_is_empty()
    {
        WireList<AckRange> list = default;
        Assert.True(list.IsEmpty);
        Assert.Equal(0, list.Count);
        Assert.True(WireList<AckRange>.TryParse([], out list));
    }

    [Fact]
    public void Every_element_is_checked_before_the_list_is_there()
    {
        Assert.False(WireList<AckRange>.TryParse([1, 2, 3], out WireList<AckRange> list));
        Assert.True(list.IsEmpty);
        Assert.False(WireList<AckRange>.TryParse([1, 2, 3, 0x40], out _));
        Assert.True(WireList<AckRange>.TryParse([1, 2, 3, 4], out list));
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public void A_count_takes_that_many()
    {
        byte[] source = [1, 2, 3, 4, 5];
        Assert.True(WireList<AckRange>.TryParse(source, 2, out WireList<AckRange> list));
        Assert.Equal(4, list.EncodedLength);
        Assert.True(WireList<AckRange>.TryParse(source, 0, out list));
        Assert.True(list.IsEmpty);
        Assert.False(WireList<AckRange>.TryParse(source, 3, out _));
        Assert.False(WireList<AckRange>.TryParse(source, ulong.MaxValue, out _));
    }

    [Fact]
    public void Elements_can_be_views()
    {
        Assert.True(WireList<ProtocolName>.TryParse([1, 0xAA, 2, 0xBB, 0xCC], out WireList<ProtocolName> list));
        string seen = "";
        foreach (ProtocolName view in list)
            seen += Convert.ToHexString(view.Name) + ".";
        Assert.Equal("AA.BBCC.", seen);
    }

    [Fact]
    public void Scalars_are_in_network_byte_order()
    {
        WireScalarList<ushort> list = WireScalarList<ushort>.Create([0x0102, 0xFFFE], new byte[5]);
        Assert.Equal("0102FFFE", Convert.ToHexString(list.Encoded));
        Assert.Equal(2, list.Count);
        Assert.Equal(0xFFFE, list[1]);
        Assert.True(list.Contains(0x0102));
        Assert.False(list.Contains(0x0201));
        Assert.False(WireScalarList<ushort>.TryParse([1, 2, 3], out list));
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void Scalars_of_every_kind_come_back()
    {
        Check<byte>([0, 255]);
        Check<ushort>([0, ushort.MaxValue]);
        Check<uint>([1, uint.MaxValue]);
        Check<ulong>([1, ulong.MaxValue - 1]);
        Check<UInt128>([1, UInt128.MaxValue - 1]);
        Check<Prefix>([Prefix.UInt8, Prefix.VarInt]);
        Check<ListNumber>([new(1), new(uint.MaxValue)]);

        static void Check<T>(T[] values)
            where T : unmanaged
        {
            var seen = new List<T>();
            foreach (T value in WireScalarList<T>.Create(values, new byte[64]))
                seen.Add(value);
            Assert.Equal(values, seen);
        }
    }

    [Fact]
    public void No_room_is_misuse()
    {
        Assert.Throws<ArgumentException>(() => WireScalarList<uint>.Create([1, 2], new byte[7]).Count);
        Assert.Throws<ArgumentException>(() => WireList.Create<AckRange>([new(1, 64)], new byte[2]).Count);
    }
}
