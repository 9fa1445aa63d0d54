using System.Text;
using FsCheck.Xunit;

namespace Vpr.Http3.Tests;

public sealed class QpackTests
{
    private const long Limit = 16 << 10;

    [Fact]
    [Trait("rfc", "9204 §B.1")]
    public void LiteralFieldLineWithNameReference()
    {
        using FieldSection section = Decode("0000510b2f696e6465782e68746d6c");
        Assert.Equal(":path=/index.html", Text(section));
    }

    [Theory]
    [Trait("rfc", "9204 §4.5.1.1")]
    [InlineData("03811011")] // RFC 9204 §B.2: two insertions required
    [InlineData("050080c1")] // §B.4
    [InlineData("0180")] // a required insert count without lines
    [InlineData("0080c1")] // RFC 9204 §4.5.1.2: a negative Base
    public void RequiredInsertCountMustBeZero(string hex) => Refused(hex);

    [Theory]
    [InlineData("")] // no prefix
    [InlineData("00")] // half a prefix
    [InlineData("000080")] // dynamic table, indexed
    [InlineData("000010")] // post-base index
    [InlineData("00004000")] // dynamic table, name reference
    [InlineData("00000000")] // post-base name reference
    [InlineData("0000ff24")] // static index 99
    [InlineData("00005f5400")] // name reference to static index 99
    [InlineData("0000510b2f69")] // value cut short
    [InlineData("000051")] // value missing
    [InlineData("000023")] // name cut short
    [InlineData("000023616263")] // value missing after a literal name
    [InlineData("00005181ff")] // Huffman padding of eight bits
    [InlineData("0000ffffffffffffffffffffffff")] // an index without end
    public void RefusesWhatCannotBeDecoded(string hex) => Refused(hex);

    [Fact]
    public void BaseIsIgnoredWithoutADynamicTable() // RFC 9204 §4.5.1.2
    {
        using FieldSection section = Decode("0025d1");
        Assert.Equal(":method=GET", Text(section));
    }

    [Fact]
    [Trait("rfc", "9114 §4.2.2")]
    public void SectionLargerThanTheLimitIsNamedSo()
    {
        using FieldSection section = new();
        byte[] encoded = Convert.FromHexString("0000510b2f696e6465782e68746d6c"); // 5 + 11 + 32
        Assert.Equal(QpackStatus.TooLarge, QpackDecoder.Decode(encoded, 47, section));
        section.Clear();
        Assert.Equal(QpackStatus.Done, QpackDecoder.Decode(encoded, 48, section));
        Assert.Equal(48, section.Size);
    }

    [Fact]
    public void SmallSectionThatExpandsIsStoppedAtTheLimit()
    {
        // One octet a line, 40 to 80 bytes each: the cheapest way to ask for memory.
        byte[] encoded = [0, 0, .. Enumerable.Repeat((byte)0xf5, 10_000)];
        using FieldSection section = new();
        Assert.Equal(QpackStatus.TooLarge, QpackDecoder.Decode(encoded, Limit, section));
        Assert.True(section.Size <= Limit);
    }

    [Fact]
    public void WholeStaticLinesTakeOneOrTwoOctets()
    {
        using FieldSection section = new();
        for (int i = 0; i < StaticTable.Count; i++) section.AppendStatic(i);
        byte[] encoded = new byte[QpackEncoder.MaxEncodedLength(section)];
        int length = QpackEncoder.Encode(section, encoded);
        Assert.Equal(2 + 63 + 2 * 36, length);
        using FieldSection decoded = new();
        Assert.Equal(QpackStatus.Done, QpackDecoder.Decode(encoded.AsSpan(0, length), Limit, decoded));
        Assert.Equal(Text(section), Text(decoded));
    }

    [Fact]
    [Trait("rfc", "9204 §7.1.3")]
    public void CredentialsAreNeverIndexed()
    {
        using FieldSection section = new();
        section.Add("Authorization", "Noise AAAA");
        section.Add("x-secret", "1", neverIndexed: true);
        section.Add(":method", "GET");
        byte[] encoded = new byte[QpackEncoder.MaxEncodedLength(section)];
        int length = QpackEncoder.Encode(section, encoded);
        Assert.Equal(0x70, encoded[2] & 0xf0); // literal with static name reference, N set
        using FieldSection decoded = new();
        Assert.Equal(QpackStatus.Done, QpackDecoder.Decode(encoded.AsSpan(0, length), Limit, decoded));
        Assert.True(decoded[0].IsNeverIndexed);
        Assert.True(decoded[1].IsNeverIndexed);
        Assert.False(decoded[2].IsNeverIndexed);
        Assert.Equal("authorization=Noise AAAA\nx-secret=1\n:method=GET", Text(decoded));
    }

    [Property(MaxTest = 500)]
    public bool RoundTripsAnyLines(byte[][] names, byte[][] values, bool secret)
    {
        using FieldSection section = new();
        for (int i = 0; i < Math.Min(names.Length, values.Length); i++) section.Add(names[i] ?? [], values[i] ?? [], secret);
        byte[] encoded = new byte[QpackEncoder.MaxEncodedLength(section)];
        int length = QpackEncoder.Encode(section, encoded);
        using FieldSection decoded = new();
        return QpackDecoder.Decode(encoded.AsSpan(0, length), section.Size, decoded) == QpackStatus.Done
            && decoded.Size == section.Size && Text(decoded) == Text(section);
    }

    [Fact]
    public void KnownNamesAndLinesAreOneString()
    {
        using FieldSection section = new();
        section.Add("capsule-protocol"u8, "?1"u8);
        section.Add(":method"u8, "CONNECT"u8);
        Assert.Same(section[0].NameText, section[0].NameText);
        Assert.Same(section[1].NameText, section[1].NameText);
        Assert.Same("CONNECT", string.IsInterned(section[1].ValueText));
    }

    [Property(MaxTest = 3000)]
    public bool AnyBytesEitherDecodeOrAreRefused(byte[] bytes)
    {
        using FieldSection section = new();
        QpackDecoder.Decode((byte[])[0, 0, .. bytes], 512, section);
        return section.Size <= 512;
    }

    [Fact]
    public void MutatedSectionsNeverThrow()
    {
        Random random = new(20260901);
        using FieldSection section = new();
        section.Add(":method", "CONNECT");
        section.Add(":protocol", "connect-ip");
        section.Add(":authority", "vpn.example.org:443");
        section.Add("user-agent", "Mozilla/5.0 (X11; Linux x86_64)");
        section.Add("x-long", new string('z', 300));
        byte[] encoded = new byte[QpackEncoder.MaxEncodedLength(section)];
        int length = QpackEncoder.Encode(section, encoded);
        using FieldSection decoded = new();
        int done = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] mutated = encoded[..random.Next(length + 1)];
            for (int flips = random.Next(4); flips > 0 && mutated.Length > 0; flips--)
                mutated[random.Next(mutated.Length)] ^= (byte)(1 << random.Next(8));
            decoded.Clear();
            if (QpackDecoder.Decode(mutated, 1024, decoded) != QpackStatus.Done) continue;
            done++;
            RequestHead.TryRead(decoded, extendedConnect: true, out _);
        }

        Assert.InRange(done, 1, 19_999); // both outcomes were reached
    }

    [Theory]
    [Trait("rfc", "9204 §4.3")]
    [InlineData("20", true)] // capacity 0
    [InlineData("2020", true)]
    [InlineData("3fbd01", false)] // §B.2: capacity 220
    [InlineData("21", false)]
    [InlineData("c00f7777772e6578616d706c652e636f6d", false)] // §B.2: an insertion
    [InlineData("4a637573746f6d2d6b6579", false)] // §B.3: an insertion with a literal name
    [InlineData("02", false)] // §B.4: a duplicate
    public void EncoderStreamMaySetCapacityZeroAlone(string hex, bool accepted)
    {
        QpackInstructionReader reader = default;
        Assert.Equal(accepted, reader.TryReadEncoderStream(Convert.FromHexString(hex)));
    }

    [Theory]
    [Trait("rfc", "9204 §4.4")]
    [InlineData("48", true)] // §B.4: cancellation of stream 8
    [InlineData("7fffffffff07", true)]
    [InlineData("84", false)] // §B.2: a section acknowledgment
    [InlineData("01", false)] // §B.3: an insert count increment
    [InlineData("7fffffffffffffffffffffff", false)]
    public void DecoderStreamMayCancelStreamsAlone(string hex, bool accepted)
    {
        byte[] bytes = Convert.FromHexString(hex);
        QpackInstructionReader whole = default;
        Assert.Equal(accepted, whole.TryReadDecoderStream(bytes));
        QpackInstructionReader piecewise = default;
        Assert.Equal(accepted, Array.TrueForAll(bytes, octet => piecewise.TryReadDecoderStream([octet])));
    }

    private static FieldSection Decode(string hex)
    {
        FieldSection section = new();
        Assert.Equal(QpackStatus.Done, QpackDecoder.Decode(Convert.FromHexString(hex), Limit, section));
        return section;
    }

    private static void Refused(string hex)
    {
        using FieldSection section = new();
        Assert.Equal(QpackStatus.DecompressionFailed, QpackDecoder.Decode(Convert.FromHexString(hex), Limit, section));
    }

    private static string Text(FieldSection section)
    {
        StringBuilder text = new();
        for (int i = 0; i < section.Count; i++)
            text.Append(i == 0 ? "" : "\n").Append(section[i].NameText).Append('=').Append(section[i].ValueText);
        return text.ToString();
    }
}
