using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>ChaCha20-Poly1305 by the framework.</summary>
/// <remarks>RFC 8439 §2.8</remarks>
internal sealed class PlatformChaCha20Poly1305(ReadOnlySpan<byte> key) : AeadKey
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

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
