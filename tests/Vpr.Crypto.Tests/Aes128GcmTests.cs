namespace Vpr.Crypto.Tests;

public class Aes128GcmTests() : AeadContract(AeadAlgorithm.Aes128Gcm)
{
    /// <summary>Test cases 1 to 4 of McGrew and Viega's specification, which NIST SP 800-38D took over.</summary>
    [Theory]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "", "", "58e2fccefa7e3061367f1d57a4e7455a")]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000", "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf")]
    [InlineData(
        "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
        "4d5c2af327cd64a62cf35abd2ba6fab4")]
    [InlineData(
        "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
        "5bc94fbc3221a5db94fae95ae7121a47")]
    public void Published_vectors(string key, string nonce, string data, string plaintext, string ciphertext, string tag) =>
        Check(key, nonce, data, plaintext, ciphertext, tag);
}

/// <summary>What runs on a processor without instructions for AES, on every processor.</summary>
public sealed class Aes128GcmByLibCryptoTests : Aes128GcmTests
{
    protected override Aead CreateAead(AeadAlgorithm chosen, ReadOnlySpan<byte> key) => Aead.CreateByLibCrypto(chosen, key);
}
