using Vpr.Testing;

namespace Vpr.Crypto.Tests;

/// <summary>What every AEAD algorithm must do; one derived class names one algorithm and brings its vectors.</summary>
public abstract class AeadContract(AeadAlgorithm algorithm)
{
    private const int Tag = Aead.TagLength;

    [Fact]
    public void Opens_what_it_sealed_at_every_length()
    {
        SeededRandomSource random = new(11);
        using Aead aead = Create(random);
        for (int length = 0; length <= 300; length++)
        {
            byte[] nonce = Bytes(random, 12), data = Bytes(random, length % 37), plaintext = Bytes(random, length);
            byte[] text = (byte[])plaintext.Clone(), tag = new byte[Tag];
            aead.Seal(nonce, data, text, tag);
            Assert.True(length < 16 || !plaintext.AsSpan().SequenceEqual(text), $"length {length} stayed plain");
            Assert.True(aead.Open(nonce, data, text, tag), $"length {length}");
            Assert.Equal(plaintext, text);
        }
    }

    [Fact]
    public void Every_changed_bit_is_refused_and_no_plaintext_shows()
    {
        SeededRandomSource random = new(12);
        using Aead aead = Create(random);
        foreach (int length in new[] { 0, 1, 15, 16, 17, 64, 129, 150 })
        {
            byte[] nonce = Bytes(random, 12), data = Bytes(random, 9), plaintext = Bytes(random, length);
            byte[] sealedText = (byte[])plaintext.Clone(), tag = new byte[Tag];
            aead.Seal(nonce, data, sealedText, tag);
            foreach (byte[] part in new[] { nonce, data, sealedText, tag })
            {
                for (int bit = 0; bit < part.Length * 8; bit += part.Length > 20 ? 5 : 1)
                {
                    part[bit / 8] ^= (byte)(1 << bit % 8);
                    byte[] text = (byte[])sealedText.Clone();
                    Assert.False(aead.Open(nonce, data, text, tag), $"length {length}, bit {bit}");
                    Assert.True(IsClearedOrUntouched(text, sealedText), $"length {length}, bit {bit}");
                    part[bit / 8] ^= (byte)(1 << bit % 8);
                }
            }

            Assert.True(aead.Open(nonce, data, sealedText, tag));
        }
    }

    [Fact]
    public void Text_that_lost_or_gained_a_byte_is_refused()
    {
        SeededRandomSource random = new(13);
        using Aead aead = Create(random);
        byte[] nonce = Bytes(random, 12), text = Bytes(random, 200), tag = new byte[Tag];
        aead.Seal(nonce, [], text, tag);
        Assert.False(aead.Open(nonce, [], text.AsSpan(0, 199).ToArray(), tag));
        Assert.False(aead.Open(nonce, [], [.. text, 0], tag));
        Assert.False(aead.Open(nonce, [0], text, tag));
        Assert.False(aead.Open(nonce, text.AsSpan(0, 1).ToArray(), text.AsSpan(1).ToArray(), tag));
    }

    [Fact]
    public void Another_key_cannot_open()
    {
        SeededRandomSource random = new(14);
        using Aead one = Create(random), other = Create(random);
        byte[] nonce = Bytes(random, 12), text = Bytes(random, 40), tag = new byte[Tag];
        one.Seal(nonce, [], text, tag);
        Assert.False(other.Open(nonce, [], text, tag));
    }

    [Fact]
    [Trait("rfc", "9001 §5.3")]
    public void A_packet_is_sealed_where_it_lies()
    {
        SeededRandomSource random = new(15);
        using Aead aead = Create(random);
        byte[] nonce = Bytes(random, 12), packet = Bytes(random, 5 + 99 + Tag), before = (byte[])packet.Clone();
        aead.Seal(nonce, packet.AsSpan(0, 5), packet.AsSpan(5, 99), packet.AsSpan(104, Tag));
        Assert.Equal(before.AsSpan(0, 5), packet.AsSpan(0, 5));
        Assert.True(aead.Open(nonce, packet.AsSpan(0, 5), packet.AsSpan(5, 99), packet.AsSpan(104, Tag)));
        Assert.Equal(before.AsSpan(0, 104), packet.AsSpan(0, 104));
    }

    [Fact]
    public void A_packet_allocates_nothing_even_when_it_is_forged()
    {
        using Aead aead = CreateAead(algorithm, new byte[algorithm.KeyLength()]);
        byte[] packet = new byte[1400], nonce = new byte[12];
        bool right = true;
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++) right &= Work();
        });
        Assert.True(right);

        bool Work()
        {
            Span<byte> header = packet.AsSpan(0, 20), text = packet.AsSpan(20, 1300), tag = packet.AsSpan(1320, 16);
            aead.Seal(nonce, header, text, tag);
            bool opened = aead.Open(nonce, header, text, tag);
            return opened && !aead.Open(nonce, header, text, tag); // the second time the text is no ciphertext
        }
    }

    [Fact]
    public void Nothing_outside_the_text_and_the_tag_is_written()
    {
        SeededRandomSource random = new(16);
        using Aead aead = Create(random);
        for (int length = 0; length <= 280; length++)
        {
            byte[] buffer = new byte[32 + length + 32], tag = new byte[32 + Tag + 32];
            Array.Fill(buffer, (byte)0x5a);
            Array.Fill(tag, (byte)0x5a);
            aead.Seal(new byte[12], [], buffer.AsSpan(32, length), tag.AsSpan(32, Tag));
            Assert.True(IsFence(buffer, length) && IsFence(tag, Tag), $"seal, length {length}");
            Assert.True(aead.Open(new byte[12], [], buffer.AsSpan(32, length), tag.AsSpan(32, Tag)));
            Assert.True(IsFence(buffer, length), $"open, length {length}");
        }
    }

    [Fact]
    public void Lengths_and_disposal_are_checked()
    {
        Assert.Throws<ArgumentException>(() => CreateAead(algorithm, new byte[algorithm.KeyLength() - 1]));
        Assert.Throws<ArgumentException>(() => CreateAead(algorithm, new byte[algorithm.KeyLength() + 1]));
        Aead aead = CreateAead(algorithm, new byte[algorithm.KeyLength()]);
        Assert.Throws<ArgumentException>(() => aead.Seal(new byte[11], [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => aead.Seal(new byte[12], [], [], new byte[15]));
        Assert.Throws<ArgumentException>(() => aead.Open(new byte[13], [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => aead.Open(new byte[12], [], [], new byte[17]));
        aead.Dispose();
        Assert.Throws<ObjectDisposedException>(() => aead.Seal(new byte[12], [], [], new byte[16]));
        Assert.Throws<ObjectDisposedException>(() => aead.Open(new byte[12], [], [], new byte[16]));
    }

    /// <summary>Seals and opens one published vector; all arguments in hexadecimal.</summary>
    protected void Check(string key, string nonce, string data, string plaintext, string ciphertext, string tag)
    {
        using Aead aead = CreateAead(algorithm, Hex.Bytes(key));
        byte[] text = Hex.Bytes(plaintext), actualTag = new byte[Tag];
        aead.Seal(Hex.Bytes(nonce), Hex.Bytes(data), text, actualTag);
        Assert.Equal(Hex.Text(Hex.Bytes(ciphertext)), Hex.Text(text));
        Assert.Equal(tag, Hex.Text(actualTag));
        Assert.True(aead.Open(Hex.Bytes(nonce), Hex.Bytes(data), text, actualTag));
        Assert.Equal(Hex.Text(Hex.Bytes(plaintext)), Hex.Text(text));
    }

    /// <summary>The implementation under test: what the product picks, unless a derived class says otherwise.</summary>
    protected virtual Aead CreateAead(AeadAlgorithm chosen, ReadOnlySpan<byte> key) => Aead.Create(chosen, key);

    private Aead Create(SeededRandomSource random) => CreateAead(algorithm, Bytes(random, algorithm.KeyLength()));

    private static byte[] Bytes(SeededRandomSource random, int length)
    {
        byte[] bytes = new byte[length];
        random.FillSecret(bytes);
        return bytes;
    }

    private static bool IsClearedOrUntouched(ReadOnlySpan<byte> text, ReadOnlySpan<byte> sealedText) =>
        text.SequenceEqual(sealedText) || !text.ContainsAnyExcept((byte)0);

    private static bool IsFence(ReadOnlySpan<byte> buffer, int length) =>
        !buffer[..32].ContainsAnyExcept((byte)0x5a) && !buffer[(32 + length)..].ContainsAnyExcept((byte)0x5a);
}
