using System.Numerics;
using System.Security.Cryptography;

namespace Vpr.Crypto.Tests;

public sealed class Ed25519Tests
{
    // L, the order of the base point (RFC 8032 §5.1).
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    [Theory]
    [Trait("rfc", "8032 §7.1")]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData( // SHA(abc)
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void Signs_and_verifies(string seed, string publicKey, string message, string signature)
    {
        using Ed25519PrivateKey key = Ed25519PrivateKey.Import(Hex.Bytes(seed));
        Assert.Equal(publicKey, Hex.Text(key.PublicKey));

        byte[] signed = new byte[64];
        key.Sign(Hex.Bytes(message), signed);
        Assert.Equal(signature, Hex.Text(signed));
        Assert.True(Ed25519.Verify(key.PublicKey, Hex.Bytes(message), signed));
    }

    [Fact]
    public void Every_changed_bit_is_refused()
    {
        (byte[] publicKey, byte[] message, byte[] signature) = Signed();
        foreach (byte[] part in new[] { publicKey, message, signature })
        {
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << bit % 8);
                Assert.False(Ed25519.Verify(publicKey, message, signature), $"bit {bit}");
                part[bit / 8] ^= (byte)(1 << bit % 8);
            }
        }

        Assert.True(Ed25519.Verify(publicKey, message, signature));
    }

    [Fact]
    [Trait("rfc", "8032 §5.1.7")]
    public void A_signature_whose_scalar_is_not_reduced_is_refused()
    {
        (byte[] publicKey, byte[] message, byte[] signature) = Signed();
        BigInteger scalar = new(signature.AsSpan(32), isUnsigned: true);
        byte[] malleable = (byte[])signature.Clone();
        Assert.True((scalar + Order).TryWriteBytes(malleable.AsSpan(32), out _, isUnsigned: true));
        Assert.False(Ed25519.Verify(publicKey, message, malleable));
    }

    [Theory]
    [InlineData(31, 64)]
    [InlineData(33, 64)]
    [InlineData(0, 64)]
    [InlineData(32, 63)]
    [InlineData(32, 65)]
    [InlineData(32, 0)]
    public void Another_length_is_no_signature(int keyLength, int signatureLength)
    {
        (byte[] publicKey, byte[] message, byte[] signature) = Signed();
        Array.Resize(ref publicKey, keyLength);
        Array.Resize(ref signature, signatureLength);
        Assert.False(Ed25519.Verify(publicKey, message, signature));
    }

    [Fact]
    public void Random_bytes_are_no_signature_and_leave_no_error_behind()
    {
        SeededRandomSource random = new(4);
        byte[] key = new byte[32], signature = new byte[64];
        for (int i = 0; i < 200; i++)
        {
            random.FillPublic(key);
            random.FillPublic(signature);
            Assert.False(Ed25519.Verify(key, "message"u8, signature));
        }

        // A stale entry in libcrypto's error queue would surface in the framework's next call.
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(other.VerifyData("message"u8, other.SignData("message"u8, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }

    private static (byte[] PublicKey, byte[] Message, byte[] Signature) Signed()
    {
        using Ed25519PrivateKey key = Ed25519PrivateKey.Generate(new SeededRandomSource(5));
        byte[] message = "a manifest"u8.ToArray(), signature = new byte[64];
        key.Sign(message, signature);
        return (key.PublicKey.ToArray(), message, signature);
    }
}
