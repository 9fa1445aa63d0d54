namespace Vpr.Wire.Tests;

public sealed class WireReaderTests
{
    [Fact]
    public void What_a_writer_writes_a_reader_reads()
    {
        byte[] buffer = new byte[80];
        var writer = new WireWriter(buffer);
        writer.WriteUInt8(0xFE);
        writer.WriteUInt16(0xFEDC);
        writer.WriteUInt24(0xFEDCBA);
        writer.WriteUInt32(0xFEDCBA98);
        writer.WriteUInt64(0xFEDCBA9876543210);
        writer.WriteUInt128(UInt128.MaxValue - 1);
        writer.WriteVarInt(VarInt.Max);
        writer.WriteBytes([1, 2, 3]);
        writer.WritePrefixed(Prefix.UInt8, [4]);
        writer.WritePrefixed(Prefix.UInt16, [5, 6]);
        writer.WritePrefixed(Prefix.UInt24, []);
        writer.WritePrefixed(Prefix.VarInt, [7]);
        Assert.StartsWith("FEFEDCFEDCBAFEDCBA98FEDCBA9876543210", Convert.ToHexString(writer.Written));

        var reader = new WireReader(writer.Written);
        Assert.True(reader.TryReadUInt8(out byte one) && one == 0xFE);
        Assert.True(reader.TryReadUInt16(out ushort two) && two == 0xFEDC);
        Assert.True(reader.TryReadUInt24(out uint three) && three == 0xFEDCBA);
        Assert.True(reader.TryReadUInt32(out uint four) && four == 0xFEDCBA98);
        Assert.True(reader.TryReadUInt64(out ulong eight) && eight == 0xFEDCBA9876543210);
        Assert.True(reader.TryReadUInt128(out UInt128 sixteen) && sixteen == UInt128.MaxValue - 1);
        Assert.True(reader.TryReadVarInt(out ulong variable) && variable == VarInt.Max);
        Assert.True(reader.TryReadBytes(3, out ReadOnlySpan<byte> bytes) && bytes.SequenceEqual<byte>([1, 2, 3]));
        Assert.True(reader.TryReadPrefixed(Prefix.UInt8, out bytes) && bytes.SequenceEqual<byte>([4]));
        Assert.True(reader.TryReadPrefixed(Prefix.UInt16, out bytes) && bytes.SequenceEqual<byte>([5, 6]));
        Assert.True(reader.TryReadPrefixed(Prefix.UInt24, out bytes) && bytes.IsEmpty);
        Assert.True(reader.TryReadPrefixed(Prefix.VarInt, out bytes) && bytes.SequenceEqual<byte>([7]));
        Assert.True(reader.IsAtEnd);
        Assert.Equal(writer.Length, reader.Consumed);
    }

    [Fact]
    public void A_read_that_fails_leaves_the_cursor_where_it_was()
    {
        var reader = new WireReader([0x40]);
        Assert.False(reader.TryReadUInt16(out _));
        Assert.False(reader.TryReadUInt24(out _));
        Assert.False(reader.TryReadUInt32(out _));
        Assert.False(reader.TryReadUInt64(out _));
        Assert.False(reader.TryReadUInt128(out _));
        Assert.False(reader.TryReadVarInt(out _));
        Assert.False(reader.TryReadBytes(2, out _));
        Assert.False(reader.TryReadBytes(-1, out _));
        Assert.False(reader.TryReadPrefixed(Prefix.UInt8, out _));
        Assert.False(reader.TryReadPrefixed(Prefix.UInt16, out _));
        Assert.False(reader.TryReadPrefixed(Prefix.UInt24, out _));
        Assert.False(reader.TryReadPrefixed(Prefix.VarInt, out _));
        Assert.Equal(0, reader.Consumed);
        Assert.True(reader.TryReadUInt8(out _));
        Assert.False(reader.TryReadUInt8(out byte value));
        Assert.Equal(0, value);
    }

    [Fact]
    public void A_length_beyond_the_source_is_refused_whatever_its_size()
    {
        var reader = new WireReader([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00]);
        Assert.False(reader.TryReadPrefixed(Prefix.VarInt, out ReadOnlySpan<byte> bytes));
        Assert.True(bytes.IsEmpty);
        Assert.False(reader.TryReadPrefixed(Prefix.UInt24, out _));
        Assert.Equal(9, reader.Rest.Length);
    }
}
