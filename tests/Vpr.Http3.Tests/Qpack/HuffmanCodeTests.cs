using System.Text;
using FsCheck.Xunit;

namespace Vpr.Http3.Tests;

public sealed class HuffmanCodeTests
{
    [Theory]
    [Trait("rfc", "7541 §C.4, §C.6")]
    [InlineData("www.example.com", "f1e3c2e5f23a6ba0ab90f4ff")]
    [InlineData("no-cache", "a8eb10649cbf")]
    [InlineData("custom-key", "25a849e95ba97d7f")]
    [InlineData("custom-value", "25a849e95bb8e8b4bf")]
    [InlineData("302", "6402")]
    [InlineData("private", "aec3771a4b")]
    [InlineData("Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff")]
    [InlineData("https://www.example.com", "9d29ad171863c78f0b97c8e9ae82ae43d3")]
    [InlineData("gzip", "9bd9ab")]
    public void Examples(string text, string hex)
    {
        byte[] octets = Encoding.ASCII.GetBytes(text);
        byte[] encoded = new byte[HuffmanCode.EncodedLength(octets)];
        Assert.Equal(encoded.Length, HuffmanCode.Encode(octets, encoded));
        Assert.Equal(hex, Convert.ToHexStringLower(encoded));
        byte[] decoded = new byte[octets.Length];
        Assert.True(HuffmanCode.TryDecode(encoded, decoded, out int written));
        Assert.Equal(text, Encoding.ASCII.GetString(decoded.AsSpan(0, written)));
    }

    [Theory]
    [Trait("rfc", "7541 Appendix B")]
    [InlineData(0, 0x1ff8u, 13)]
    [InlineData(92, 0x7fff0u, 19)]
    [InlineData(142, 0xffffebu, 24)]
    [InlineData(199, 0x1ffffecu, 25)]
    [InlineData(203, 0x7ffffdeu, 27)]
    [InlineData(249, 0xffffffeu, 28)]
    [InlineData(22, 0x3ffffffeu, 30)]
    [InlineData(255, 0x3ffffeeu, 26)]
    public void CodesOfTheTable(byte symbol, uint code, int length)
    {
        byte[] encoded = new byte[4];
        int written = HuffmanCode.Encode([symbol], encoded);
        Assert.Equal((length + 7) / 8, written);
        uint top = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(encoded);
        Assert.Equal(code, top >> (32 - length));
    }

    [Property]
    public bool RoundTrips(byte[] text)
    {
        byte[] encoded = new byte[HuffmanCode.EncodedLength(text)];
        int length = HuffmanCode.Encode(text, encoded);
        byte[] decoded = new byte[HuffmanCode.MaxDecodedLength(length)];
        return length == encoded.Length && HuffmanCode.TryDecode(encoded, decoded, out int written)
            && decoded.AsSpan(0, written).SequenceEqual(text);
    }

    [Theory]
    [Trait("rfc", "7541 §5.2")]
    [InlineData("ff")] // eight bits of padding
    [InlineData("ffffffff")] // end of string
    [InlineData("00ffffffffff")] // end of string after text
    [InlineData("1e")] // '3' and padding that is not of ones
    [InlineData("fffffa")] // cut inside a long code
    public void RefusesWhatNoEncoderWrites(string hex)
    {
        Assert.False(HuffmanCode.TryDecode(Convert.FromHexString(hex), new byte[64], out int written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void RefusesTextLongerThanItsDestination()
    {
        byte[] encoded = Convert.FromHexString("f1e3c2e5f23a6ba0ab90f4ff");
        Assert.False(HuffmanCode.TryDecode(encoded, new byte[14], out _));
        Assert.True(HuffmanCode.TryDecode(encoded, new byte[15], out _));
    }

    [Property(MaxTest = 2000)]
    public bool AnyBytesDecodeWithinTheBound(byte[] bytes)
    {
        byte[] decoded = new byte[HuffmanCode.MaxDecodedLength(bytes.Length)];
        if (!HuffmanCode.TryDecode(bytes, decoded, out int written)) return written == 0;

        // The code is complete and padding is fixed, so what decodes is exactly what encodes.
        byte[] again = new byte[HuffmanCode.EncodedLength(decoded.AsSpan(0, written))];
        HuffmanCode.Encode(decoded.AsSpan(0, written), again);
        return again.AsSpan().SequenceEqual(bytes);
    }
}
