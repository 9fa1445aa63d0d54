using Vpr.Testing;

namespace Vpr.Crypto.Tests;

public sealed class HeaderProtectionTests
{
    [Theory]
    [Trait("rfc", "9001 §A.2, §A.3, §A.5")]
    [InlineData(AeadAlgorithm.Aes128Gcm, "9f50449e04a0e810283a1e9933adedd2", "d1b1c98dd7689fb8ec11d242b123dc9b", "437b9aec36")]
    [InlineData(AeadAlgorithm.Aes128Gcm, "c206b8d9b9f0f37644430b490eeaa314", "2cd0991cd25b0aac406a5816b6394100", "2ec0d8356a")]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, "25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4", "5e5cd55c41f69080575d7999c25a5bfb", "aefefe7d03")]
    public void Masks_as_the_samples_say(AeadAlgorithm algorithm, string key, string sample, string mask)
    {
        using HeaderProtection protection = HeaderProtection.Create(algorithm, Hex.Bytes(key));
        byte[] actual = new byte[5];
        protection.Mask(Hex.Bytes(sample), actual);
        Assert.Equal(mask, Hex.Text(actual));
    }

    [Fact]
    [Trait("rfc", "8439 §2.3.2")]
    public void The_chacha20_block_is_the_samples()
    {
        byte[] keyStream = new byte[64];
        ChaCha20.Block(
            Hex.Bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
            Hex.Bytes("01000000 000000090000004a00000000"),
            keyStream);
        Assert.Equal(
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
            Hex.Text(keyStream));
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.Aes256Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    public void A_batch_of_masks_is_the_masks_one_by_one(AeadAlgorithm algorithm)
    {
        Random random = new(44);
        byte[] key = new byte[algorithm.KeyLength()];
        random.NextBytes(key);
        using HeaderProtection protection = HeaderProtection.Create(algorithm, key);
        for (int packets = 0; packets <= 20; packets++)
        {
            byte[] samples = new byte[packets * 16], mask = new byte[5];
            random.NextBytes(samples);
            byte[] batch = (byte[])samples.Clone();
            protection.MaskBatch(batch);
            for (int i = 0; i < packets; i++)
            {
                protection.Mask(samples.AsSpan(i * 16, 16), mask);
                Assert.True(batch.AsSpan(i * 16, 5).SequenceEqual(mask), $"packet {i} of {packets}");
            }
        }

        Assert.Throws<ArgumentException>(() => protection.MaskBatch(new byte[17]));
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.Aes256Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    public void A_mask_allocates_nothing(AeadAlgorithm algorithm)
    {
        using HeaderProtection protection = HeaderProtection.Create(algorithm, new byte[algorithm.KeyLength()]);
        byte[] sample = new byte[16], mask = new byte[5];
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++) protection.Mask(sample, mask);
            for (int i = 0; i < 1000; i++) protection.MaskBatch(sample);
        });
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.Aes256Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    public void Lengths_and_disposal_are_checked(AeadAlgorithm algorithm)
    {
        Assert.Throws<ArgumentException>(() => HeaderProtection.Create(algorithm, new byte[24]));
        HeaderProtection protection = HeaderProtection.Create(algorithm, new byte[algorithm.KeyLength()]);
        Assert.Throws<ArgumentException>(() => protection.Mask(new byte[15], new byte[5]));
        Assert.Throws<ArgumentException>(() => protection.Mask(new byte[17], new byte[5]));
        Assert.Throws<ArgumentException>(() => protection.Mask(new byte[16], new byte[4]));
        protection.Dispose();
        Assert.Throws<ObjectDisposedException>(() => protection.Mask(new byte[16], new byte[5]));
    }
}
