namespace Vpr.Crypto;

/// <summary>An expanded key of one algorithm on one kind of hardware; lengths are checked by <see cref="Aead"/>.</summary>
internal abstract class AeadKey : IDisposable
{
    internal static AeadKey Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) =>
        algorithm is AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm && AesNiGcm.IsSupported
            ? new AesNiGcm(key)
            : new LibCryptoAead(algorithm, key);

    internal abstract void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag);

    internal abstract bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}
