using Vpr.Interop.OpenSsl;

namespace Vpr.Crypto;

/// <summary>An AEAD by libcrypto: ChaCha20-Poly1305 always, AES-GCM where the processor's own instructions cannot be used.</summary>
internal sealed class LibCryptoAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) : AeadKey
{
    private readonly AeadNative _cipher = new(
        algorithm switch
        {
            AeadAlgorithm.Aes128Gcm => AeadCipher.Aes128Gcm,
            AeadAlgorithm.Aes256Gcm => AeadCipher.Aes256Gcm,
            AeadAlgorithm.ChaCha20Poly1305 => AeadCipher.ChaCha20Poly1305,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        },
        key);

    internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag) =>
        _cipher.Seal(nonce, associatedData, text, tag);

    internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag) =>
        _cipher.Open(nonce, associatedData, text, tag);

    public override void Dispose() => _cipher.Dispose();
}
