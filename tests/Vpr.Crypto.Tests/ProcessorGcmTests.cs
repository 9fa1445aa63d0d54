using System.Security.Cryptography;

namespace Vpr.Crypto.Tests;

/// <summary>The processor's instructions against the framework.</summary>
public sealed class ProcessorGcmTests
{
    private const int MaxLength = 2048;

    [Theory]
    [GcmCode(GcmCode.AesNi, 16, 40)]
    [GcmCode(GcmCode.AesNi, 32, 41)]
    [GcmCode(GcmCode.Vaes, 16, 40)]
    [GcmCode(GcmCode.Vaes, 32, 41)]
    public void Seals_and_opens_as_the_framework_at_every_length(GcmCode code, int keyLength, int seed)
    {
        Random random = new(seed);
        byte[] nonce = new byte[12], data = new byte[300], plaintext = new byte[MaxLength], text = new byte[MaxLength], expected = new byte[MaxLength];
        byte[] tag = new byte[16], expectedTag = new byte[16], key = new byte[keyLength];

        // 25 × 2049 lengths for each of the two key sizes: more than 100,000 texts.
        for (int pass = 0; pass < 25; pass++)
        {
            random.NextBytes(key);
            random.NextBytes(plaintext);
            random.NextBytes(data);
            using AesGcm framework = new(key, 16);
            using AeadKey own = code.Create(key);
            for (int length = 0; length <= MaxLength; length++)
            {
                random.NextBytes(nonce);
                Span<byte> aad = data.AsSpan(0, length % 5 == 0 ? random.Next(data.Length) : random.Next(40));
                Span<byte> actual = text.AsSpan(0, length), wanted = expected.AsSpan(0, length), plain = plaintext.AsSpan(0, length);
                plain.CopyTo(actual);
                own.SealCore(nonce, aad, actual, tag);
                framework.Encrypt(nonce, plain, wanted, expectedTag, aad);
                if (!actual.SequenceEqual(wanted) || !tag.AsSpan().SequenceEqual(expectedTag))
                    Assert.Fail($"seed {seed}, pass {pass}, length {length}, data {aad.Length}: sealed otherwise");
                if (!own.OpenCore(nonce, aad, actual, expectedTag) || !actual.SequenceEqual(plain))
                    Assert.Fail($"seed {seed}, pass {pass}, length {length}, data {aad.Length}: not opened");

                wanted.CopyTo(actual);
                tag[length % 16] ^= (byte)(1 << length % 8);
                if (own.OpenCore(nonce, aad, actual, tag) || actual.ContainsAnyExcept((byte)0))
                    Assert.Fail($"seed {seed}, pass {pass}, length {length}, data {aad.Length}: opened with a changed tag, or left plaintext");
            }
        }
    }

    [Theory]
    [Trait("nist", "SP 800-38D §7.1")]
    [GcmCode(GcmCode.AesNi)]
    [GcmCode(GcmCode.Vaes)]
    public void The_hash_of_a_long_text_is_carried_many_times(GcmCode code)
    {
        byte[] key = new byte[16], nonce = Enumerable.Repeat((byte)0xff, 12).ToArray(), text = new byte[300_000], expected = new byte[text.Length];
        byte[] tag = new byte[16], expectedTag = new byte[16];
        new Random(42).NextBytes(text);
        using AesGcm framework = new(key, 16);
        using AeadKey own = code.Create(key);
        framework.Encrypt(nonce, text, expected, expectedTag);
        own.SealCore(nonce, [], text, tag);
        Assert.True(text.AsSpan().SequenceEqual(expected));
        Assert.Equal(expectedTag, tag);
    }

    [Theory]
    [Trait("fips", "197 §B, §C.1, §C.3")]
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32")]
    [InlineData("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089")]
    public void Encrypts_the_block_of_the_standard(string key, string plaintext, string ciphertext)
    {
        if (!AesNiHeaderProtection.IsSupported) return;
        using AesNiHeaderProtection own = new(Hex.Bytes(key));
        byte[] mask = new byte[5];
        own.MaskCore(Hex.Bytes(plaintext), mask);
        Assert.Equal(ciphertext[..10], Hex.Text(mask));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Masks_headers_as_the_framework(int keyLength)
    {
        if (!AesNiHeaderProtection.IsSupported) return;
        Random random = new(43);
        byte[] key = new byte[keyLength], sample = new byte[16], mask = new byte[5], expected = new byte[5];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(key);
            random.NextBytes(sample);
            using AesNiHeaderProtection own = new(key);
            using PlatformAesHeaderProtection framework = new(key);
            own.MaskCore(sample, mask);
            framework.MaskCore(sample, expected);
            Assert.Equal(expected, mask);
        }
    }

    [Theory]
    [GcmCode(GcmCode.AesNi)]
    [GcmCode(GcmCode.Vaes)]
    public void Disposal_erases_the_key(GcmCode code)
    {
        AeadKey one = code.Create(Enumerable.Repeat((byte)0x77, 32).ToArray()), other = code.Create(Enumerable.Repeat((byte)0x78, 32).ToArray());
        Assert.NotEqual(Tag(one), Tag(other));
        one.Dispose();
        other.Dispose();
        Assert.Equal(Tag(one), Tag(other)); // nothing is left that would tell them apart

        static byte[] Tag(AeadKey key)
        {
            byte[] text = new byte[200], tag = new byte[16];
            key.SealCore(new byte[12], "data"u8, text, tag);
            return tag;
        }
    }
}
