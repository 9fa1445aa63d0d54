namespace Vpr.Crypto.Tests;

public sealed class AesSelfTestTests
{
    [Fact]
    public void A_sound_processor_passes() =>
        Assert.Equal(
            VaesGcm.IsSupported ? AesProvider.VectorInstructions
            : AesNiGcm.IsSupported || ArmCryptography.IsSupported ? AesProvider.ProcessorInstructions
            : AesProvider.LibCrypto,
            Aead.AesProvider);

    [Theory]
    [GcmCode(GcmCode.AesNi)]
    [GcmCode(GcmCode.Vaes)]
    public void Each_code_for_this_processor_gives_the_known_answers(GcmCode code) =>
        Assert.Equal(
            AesProvider.ProcessorInstructions,
            AesSelfTest.Choose(AesProvider.ProcessorInstructions, key => code.Create(key), static key => new AesNiHeaderProtection(key)));

    [Fact]
    public void Libcrypto_gives_the_same_answers() =>
        Assert.Equal(AesProvider.ProcessorInstructions, AesSelfTest.Choose(AesProvider.ProcessorInstructions, LibCrypto, static key => new PlatformAesHeaderProtection(key)));

    [Theory]
    [InlineData(Fault.Ciphertext)]
    [InlineData(Fault.Tag)]
    [InlineData(Fault.OpensNothing)]
    [InlineData(Fault.OpensAll)]
    public void A_wrong_cipher_is_found_and_said(Fault fault) =>
        Assert.Equal(
            AesProvider.LibCryptoAfterFailedSelfTest,
            AesSelfTest.Choose(AesProvider.ProcessorInstructions, key => new FaultyKey(LibCrypto(key), fault), static key => new PlatformAesHeaderProtection(key)));

    [Fact]
    public void A_wrong_mask_is_found_and_said() =>
        Assert.Equal(
            AesProvider.LibCryptoAfterFailedSelfTest,
            AesSelfTest.Choose(AesProvider.ProcessorInstructions, LibCrypto, static key =>
            {
                key[15] ^= 1;
                return new PlatformAesHeaderProtection(key);
            }));

    [Theory]
    [InlineData(AesProvider.LibCrypto)]
    [InlineData(AesProvider.LibCryptoAfterFailedSelfTest)]
    public void Then_keys_are_libcryptos(AesProvider provider)
    {
        using AeadKey key = AeadKey.Create(AeadAlgorithm.Aes128Gcm, new byte[16], provider);
        Assert.IsType<LibCryptoAead>(key);
    }

    private static LibCryptoAead LibCrypto(byte[] key) => new(key.Length == 16 ? AeadAlgorithm.Aes128Gcm : AeadAlgorithm.Aes256Gcm, key);

    public enum Fault
    {
        Ciphertext,
        Tag,
        OpensNothing,
        OpensAll,
    }

    /// <summary>Right but for one fault, and that only in long texts.</summary>
    private sealed class FaultyKey(AeadKey sound, Fault fault) : AeadKey
    {
        internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
        {
            sound.SealCore(nonce, associatedData, text, tag);
            if (text.Length < 1000) return;
            if (fault == Fault.Ciphertext) text[700] ^= 0x10;
            if (fault == Fault.Tag) tag[15] ^= 0x80;
        }

        internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
        {
            bool isAuthentic = sound.OpenCore(nonce, associatedData, text, tag);
            return text.Length < 1000 || fault is not (Fault.OpensNothing or Fault.OpensAll) ? isAuthentic : fault == Fault.OpensAll;
        }

        public override void Dispose() => sound.Dispose();
    }
}
