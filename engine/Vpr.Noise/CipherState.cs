using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Vpr.Crypto;

namespace Vpr.Noise;

/// <summary>A transport key and its counter: one direction of a session.</summary>
/// <remarks>
/// Noise revision 34 §5.1, with AES-256-GCM (§12.4: four zero bytes, then the counter, most significant byte first, are the nonce).
/// Nothing is allocated after creation. One thread at a time.
/// </remarks>
public sealed class CipherState : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of an authentication tag.</summary>
    public const int TagLength = Aead.TagLength;

    /// <summary>The counter that is never used for a message; Noise reserves it for <see cref="Rekey"/>.</summary>
    public const ulong ReservedNonce = ulong.MaxValue;

    private Aead _aead;

    internal CipherState(ReadOnlySpan<byte> key) => _aead = Aead.Create(AeadAlgorithm.Aes256Gcm, key);

    /// <summary>The counter of the next message that <see cref="TryEncrypt"/> or <see cref="TryDecrypt"/> handles.</summary>
    public ulong Nonce { get; private set; }

    /// <summary>Encrypts <paramref name="text"/> in place under the next counter.</summary>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <param name="text">Plaintext in, ciphertext out.</param>
    /// <param name="tag">Receives 16 bytes.</param>
    /// <returns>False, with the text as it was, when the counter is used up.</returns>
    public bool TryEncrypt(ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        if (Nonce == ReservedNonce) return false;
        Seal(Nonce, associatedData, text, tag);
        Nonce++;
        return true;
    }

    /// <summary>Decrypts <paramref name="text"/> in place under the next counter, which moves on only when that succeeds.</summary>
    /// <param name="associatedData">As given to the sender's <see cref="TryEncrypt"/>.</param>
    /// <param name="text">Ciphertext in, plaintext out.</param>
    /// <param name="tag">16 bytes.</param>
    /// <returns>Whether the text is authentic.</returns>
    public bool TryDecrypt(ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        if (!Open(Nonce, associatedData, text, tag)) return false;
        Nonce++;
        return true;
    }

    /// <summary>Encrypts <paramref name="text"/> in place under a counter that the caller keeps, for messages that may be lost or overtaken.</summary>
    /// <remarks>Noise revision 34 §11.4. The caller never uses a counter twice.</remarks>
    /// <param name="nonce">The counter, not <see cref="ReservedNonce"/>.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <param name="text">Plaintext in, ciphertext out.</param>
    /// <param name="tag">Receives 16 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as Aead.Seal
    public void Seal(ulong nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        if (nonce == ReservedNonce) throw new ArgumentOutOfRangeException(nameof(nonce), "The last counter is reserved.");
        AeadNonce bytes = new(nonce);
        _aead.Seal(bytes.Bytes, associatedData, text, tag);
    }

    /// <summary>Decrypts <paramref name="text"/> in place under the counter that came with it; the caller rejects replays.</summary>
    /// <remarks>Noise revision 34 §11.4</remarks>
    /// <param name="nonce">The counter, any value.</param>
    /// <param name="associatedData">As given to the sender's <see cref="Seal"/>.</param>
    /// <param name="text">Ciphertext in, plaintext out.</param>
    /// <param name="tag">16 bytes.</param>
    /// <returns>Whether the text is authentic; never for <see cref="ReservedNonce"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as Aead.Seal
    public bool Open(ulong nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        if (nonce == ReservedNonce) return false;
        AeadNonce bytes = new(nonce);
        return _aead.Open(bytes.Bytes, associatedData, text, tag);
    }

    /// <summary>Replaces the key by one that follows from it and does not lead back; the counter goes on.</summary>
    /// <remarks>Noise revision 34 §4.2, §11.3</remarks>
    public void Rekey()
    {
        AeadNonce nonce = new(ReservedNonce);
        Span<byte> key = stackalloc byte[KeyLength];
        Span<byte> unused = stackalloc byte[TagLength];
        key.Clear();
        _aead.Seal(nonce.Bytes, [], key, unused);
        _aead.Dispose();
        _aead = Aead.Create(AeadAlgorithm.Aes256Gcm, key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => _aead.Dispose();
}
