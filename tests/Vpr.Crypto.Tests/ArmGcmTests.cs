using System.Security.Cryptography;

namespace Vpr.Crypto.Tests;

/// <summary>The code for Arm64 on a model of its instructions, beside the framework.</summary>
public sealed class ArmGcmTests
{
    [Theory]
    [Trait("fips", "197 §C.1, §C.3")]
    [InlineData("000102030405060708090a0b0c0d0e0f", "69c4e0d86a")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca51")]
    public void Encrypts_the_block_of_the_standard(string key, string mask)
    {
        using ArmHeaderProtection<EmulatedArm> protection = new(Hex.Bytes(key));
        byte[] actual = new byte[5];
        protection.MaskCore(Hex.Bytes("00112233445566778899aabbccddeeff"), actual);
        Assert.Equal(mask, Hex.Text(actual));
    }

    [Theory]
    [InlineData(16, 50)]
    [InlineData(32, 51)]
    public void Seals_and_opens_as_the_framework(int keyLength, int seed)
    {
        Random random = new(seed);
        byte[] key = new byte[keyLength], nonce = new byte[12], tag = new byte[16], expectedTag = new byte[16];
        random.NextBytes(key);
        using AesGcm framework = new(key, 16);
        using ArmGcm<EmulatedArm> own = new(key);
        for (int length = 0; length <= 400; length += length < 150 ? 1 : 17)
        {
            byte[] plain = new byte[length], text = new byte[length], expected = new byte[length], data = new byte[random.Next(length % 7 == 0 ? 300 : 40)];
            random.NextBytes(nonce);
            random.NextBytes(plain);
            random.NextBytes(data);
            plain.CopyTo(text, 0);
            own.SealCore(nonce, data, text, tag);
            framework.Encrypt(nonce, plain, expected, expectedTag, data);
            Assert.True(text.AsSpan().SequenceEqual(expected) && tag.AsSpan().SequenceEqual(expectedTag), $"seed {seed}, length {length}, data {data.Length}: sealed otherwise");
            Assert.True(own.OpenCore(nonce, data, text, tag) && text.AsSpan().SequenceEqual(plain), $"seed {seed}, length {length}, data {data.Length}: not opened");

            expected.CopyTo(text, 0);
            tag[length % 16] ^= (byte)(1 << length % 8);
            Assert.False(own.OpenCore(nonce, data, text, tag), $"seed {seed}, length {length}: opened with a changed tag");
            Assert.False(text.AsSpan().ContainsAnyExcept((byte)0), $"seed {seed}, length {length}: left plaintext");
        }
    }

    [Fact]
    public void Gives_the_known_answers() =>
        Assert.Equal(
            AesProvider.ProcessorInstructions,
            AesSelfTest.Choose(AesProvider.ProcessorInstructions, static key => new ArmGcm<EmulatedArm>(key), static key => new ArmHeaderProtection<EmulatedArm>(key)));
}
