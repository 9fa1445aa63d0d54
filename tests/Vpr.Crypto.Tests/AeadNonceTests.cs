using System.Numerics;
using System.Runtime.CompilerServices;

namespace Vpr.Crypto.Tests;

public sealed class AeadNonceTests
{
    [Fact]
    [Trait("rfc", "9001 §A.5")]
    public void A_nonce_is_the_samples() =>
        Assert.Equal("e0459b3474bdd0e46d417eb0", Hex.Text(new AeadNonce(Hex.Bytes("e0459b3474bdd0e44a41c144"), 654_360_564).Bytes.ToArray()));

    [Theory]
    [InlineData(0UL, "000000000000000000000000")]
    [InlineData(1UL, "000000000000000000000001")]
    [InlineData(0x0102_0304_0506_0708UL, "000000000102030405060708")]
    [InlineData(ulong.MaxValue, "00000000ffffffffffffffff")]
    public void A_counter_stands_behind_four_zeros(ulong counter, string nonce) => Assert.Equal(nonce, Hex.Text(new AeadNonce(counter).Bytes.ToArray()));

    [Fact]
    public void An_iv_is_added_to_the_padded_counter()
    {
        Random random = new(96);
        byte[] iv = new byte[12], counter = new byte[8];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(iv);
            random.NextBytes(counter);
            BigInteger expected = new BigInteger(iv, isUnsigned: true, isBigEndian: true) ^ new BigInteger(counter, isUnsigned: true, isBigEndian: true);
            var nonce = new AeadNonce(iv, (ulong)new BigInteger(counter, isUnsigned: true, isBigEndian: true));
            Assert.Equal(expected, new BigInteger(nonce.Bytes, isUnsigned: true, isBigEndian: true));
        }
    }

    [Fact]
    public void It_is_as_long_as_a_nonce_and_takes_no_other_iv()
    {
        Assert.Equal(Aead.NonceLength, Unsafe.SizeOf<AeadNonce>());
        Assert.Throws<ArgumentException>(() => new AeadNonce(new byte[11], 0));
        Assert.Throws<ArgumentException>(() => new AeadNonce(new byte[13], 0));
    }
}
