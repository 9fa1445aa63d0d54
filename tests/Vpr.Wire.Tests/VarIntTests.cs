using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Vpr.Wire.Tests;

[Trait("rfc", "9000 §16")]
public sealed class VarIntTests
{
    [Theory]
    [Trait("rfc", "9000 A.1")]
    [InlineData("C2197C5EFF14E88C", 151_288_809_941_952_652UL)]
    [InlineData("9D7F3E7D", 494_878_333UL)]
    [InlineData("7BBD", 15_293UL)]
    [InlineData("25", 37UL)]
    public void The_samples_of_the_rfc(string hex, ulong expected)
    {
        byte[] source = Convert.FromHexString(hex);
        Assert.True(VarInt.TryRead(source, out ulong value, out int consumed));
        Assert.Equal(expected, value);
        Assert.Equal(source.Length, consumed);

        byte[] destination = new byte[8];
        Assert.Equal(source.Length, VarInt.Write(destination, expected));
        Assert.Equal(hex, Convert.ToHexString(destination, 0, source.Length));
    }

    [Fact]
    public void A_longer_form_than_needed_is_read()
    {
        Assert.True(VarInt.TryRead([0x40, 0x25], out ulong value, out int consumed));
        Assert.Equal((37UL, 2), (value, consumed));
    }

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(63UL, 1)]
    [InlineData(64UL, 2)]
    [InlineData(16_383UL, 2)]
    [InlineData(16_384UL, 4)]
    [InlineData((1UL << 30) - 1, 4)]
    [InlineData(1UL << 30, 8)]
    [InlineData(VarInt.Max, 8)]
    public void Each_length_at_its_boundaries(ulong value, int length)
    {
        Assert.Equal(length, VarInt.Length(value));
        byte[] encoded = new byte[length];
        Assert.Equal(length, VarInt.Write(encoded, value));
        Assert.Equal(length, VarInt.LengthFromFirstByte(encoded[0]));
        ReadOnlySpan<byte> rest = encoded;
        Assert.True(VarInt.TryRead(ref rest, out ulong read));
        Assert.Equal(value, read);
        Assert.True(rest.IsEmpty);
        Assert.True(VarInt.TryRead([.. encoded, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], out read, out int taken));
        Assert.Equal((value, length), (read, taken));
        for (int cut = 0; cut < length; cut++)
        {
            rest = encoded.AsSpan(0, cut);
            Assert.False(VarInt.TryRead(rest, out read, out int consumed));
            Assert.Equal((0UL, 0), (read, consumed));
            Assert.False(VarInt.TryRead(ref rest, out _));
            Assert.Equal(cut, rest.Length);
            byte[] small = new byte[cut];
            Assert.Throws<ArgumentException>(() => VarInt.Write(small, value));
        }
    }

    [Property]
    public Property Every_value_comes_back_in_every_length_that_holds_it() => Prop.ForAll(
        Gen.Choose(0, 255).ArrayOf(8).SelectMany(octets => Gen.Choose(0, 62)
            .Select(bits => BinaryPrimitives.ReadUInt64BigEndian([.. octets.Select(octet => (byte)octet)]) & ((1UL << bits) - 1))).ToArbitrary(),
        value => new[] { 1, 2, 4, 8 }.Where(length => length >= VarInt.Length(value)).All(length =>
        {
            byte[] encoded = new byte[length];
            return VarInt.Write(encoded, value, length) == length
                && VarInt.TryRead(encoded, out ulong read, out int consumed) && read == value && consumed == length;
        }));

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Length(VarInt.Max + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Write(new byte[8], ulong.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Write(new byte[8], 64, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Write(new byte[8], 0, 3));
        Assert.Throws<ArgumentException>(() => VarInt.Write(new byte[3], 0, 4));
    }
}
