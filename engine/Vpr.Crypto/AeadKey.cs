namespace Vpr.Crypto;

/// <summary>An expanded key of one algorithm on one kind of hardware; lengths are checked by <see cref="Aead"/>.</summary>
internal abstract class AeadKey : IDisposable
{
    internal static AeadKey Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => Create(algorithm, key, Aead.AesProvider);

    /// <summary>As <see cref="Create(AeadAlgorithm, ReadOnlySpan{byte})"/> where <paramref name="aes"/> has been chosen.</summary>
    internal static AeadKey Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key, AesProvider aes)
    {
        if (algorithm == AeadAlgorithm.ChaCha20Poly1305) return new LibCryptoAead(algorithm, key);
        return aes switch
        {
            AesProvider.VectorInstructions => new VaesGcm(key),
            AesProvider.ProcessorInstructions => AesNiGcm.IsSupported ? new AesNiGcm(key) : new ArmGcm<ArmCryptography>(key),
            _ => new LibCryptoAead(algorithm, key),
        };
    }

    internal abstract void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag);

    internal abstract bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}
