namespace Vpr.Wire.Tests;

public sealed class WireWriterTests
{
    [Fact]
    public void A_length_is_filled_in_once_it_is_known()
    {
        var writer = new WireWriter(new byte[16]);
        int outer = writer.BeginUInt16();
        writer.WriteUInt8(1);
        int inner = writer.BeginUInt16();
        writer.WriteUInt8(2);
        writer.EndUInt16(inner);
        writer.EndUInt16(outer);
        Assert.Equal("000401000102", Convert.ToHexString(writer.Written));
        Assert.Equal(10, writer.Rest.Length);
    }

    [Fact]
    public void No_room_is_misuse_and_nothing_is_written()
    {
        byte[] buffer = [0xEE];
        Assert.Throws<ArgumentException>(() => new WireWriter(buffer).WriteUInt16(0));
        Assert.Throws<ArgumentException>(() => new WireWriter(buffer).WriteVarInt(64));
        Assert.Throws<ArgumentException>(() => new WireWriter(buffer).WriteBytes([1, 2]));
        Assert.Throws<ArgumentException>(() => new WireWriter(buffer).WritePrefixed(Prefix.UInt8, [1]));
        Assert.Throws<ArgumentException>(() => new WireWriter(buffer).WriteUInt24(0));
        Assert.Equal(0xEE, buffer[0]);
    }

    [Fact]
    public void More_than_a_prefix_can_say_is_misuse()
    {
        byte[] buffer = new byte[100_000], many = new byte[65_536];
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireWriter(buffer).WritePrefixed(Prefix.UInt8, many.AsSpan(0, 256)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireWriter(buffer).WritePrefixed(Prefix.UInt16, many));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireWriter(buffer).WritePrefixed(Prefix.None, many));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireWriter(buffer).WriteUInt24(1 << 24));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new WireWriter(buffer);
            int position = writer.BeginUInt16();
            writer.WriteBytes(many);
            writer.EndUInt16(position);
        });
    }
}
