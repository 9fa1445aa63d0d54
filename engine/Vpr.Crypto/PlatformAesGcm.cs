using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>AES-GCM by the framework, where the processor's own instructions cannot be used.</summary>
internal sealed class PlatformAesGcm(ReadOnlySpan<byte> key) : AeadKey
{
    private readonly AesGcm _cipher = new(key, Aead.TagLength);

    internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag) =>
        _cipher.Encrypt(nonce, text, text, tag, associatedData);

    internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        try
        {
            _cipher.Decrypt(nonce, text, tag, text, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _cipher.Dispose();
}
