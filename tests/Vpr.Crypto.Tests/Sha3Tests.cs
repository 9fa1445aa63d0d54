using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Crypto.Tests;

public sealed class Sha3Tests
{
    [Theory]
    [Trait("fips", "202 §6.1")]
    [InlineData("", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")]
    [InlineData("616263", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532")]
    public void Sha3_256(string message, string digest)
    {
        byte[] actual = new byte[32];
        Sha3.Hash256(Hex.Bytes(message), actual);
        Assert.Equal(digest, Hex.Text(actual));
    }

    [Fact]
    [Trait("fips", "202 §6.1")]
    public void Sha3_512()
    {
        byte[] actual = new byte[64];
        Sha3.Hash512("a"u8, "bc"u8, actual);
        Assert.Equal("b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0", Hex.Text(actual));
    }

    [Fact]
    public void The_framework_agrees_at_every_length()
    {
        if (!SHA3_256.IsSupported) return; // the fixed vectors above hold either way
        SeededRandomSource random = new(21);
        byte[] message = new byte[500], output = new byte[400];
        random.FillPublic(message);
        for (int length = 0; length <= message.Length; length++)
        {
            ReadOnlySpan<byte> whole = message.AsSpan(0, length), first = whole[..(length / 3)], second = whole[(length / 3)..];
            Sha3.Hash256(whole, output.AsSpan(0, 32));
            Assert.Equal(SHA3_256.HashData(whole), output.AsSpan(0, 32));
            Sha3.Hash512(first, second, output.AsSpan(0, 64));
            Assert.Equal(SHA3_512.HashData(whole), output.AsSpan(0, 64));
            Sha3.Shake256(first, second, output);
            Assert.Equal(Shake256.HashData(whole, output.Length), output);
            Sha3.Shake128(first, second, output);
            Assert.Equal(Shake128.HashData(whole, output.Length), output);
        }
    }

    [Fact]
    public void Four_outputs_side_by_side_are_the_four_alone()
    {
        SeededRandomSource random = new(22);
        byte[] seed = new byte[32];
        random.FillSecret(seed);
        foreach ((int rate, int suffixLength) in new[] { (Sha3.Shake128Rate, 2), (Sha3.Shake256Rate, 1) })
        {
            ulong[] suffixes = [3, 17, 0, 255];
            byte[] blocks = new byte[4 * rate];
            ShakeX4 shake = new(new FourLanes[Keccak.LaneCount], rate, seed, suffixes, suffixLength);
            for (int block = 0; block < 3; block++)
            {
                shake.Squeeze(blocks);
                for (int i = 0; i < 4; i++)
                {
                    byte[] alone = new byte[3 * rate];
                    ReadOnlySpan<byte> suffix = MemoryMarshal.AsBytes(suffixes.AsSpan(i, 1))[..suffixLength];
                    if (rate == Sha3.Shake128Rate) Sha3.Shake128(seed, suffix, alone);
                    else Sha3.Shake256(seed, suffix, alone);
                    Assert.Equal(alone.AsSpan(block * rate, rate), blocks.AsSpan(i * rate, rate));
                }
            }
        }
    }
}
