using System.Security.Cryptography;

namespace Vpr.Interop.OpenSsl;

/// <summary>The AEAD ciphers that libcrypto runs for us.</summary>
public enum AeadCipher
{
    /// <summary>AES-128-GCM.</summary>
    Aes128Gcm,

    /// <summary>AES-256-GCM.</summary>
    Aes256Gcm,

    /// <summary>ChaCha20-Poly1305, RFC 8439.</summary>
    ChaCha20Poly1305,
}

/// <summary>An AEAD key in libcrypto, for text that is sealed and opened where it lies.</summary>
/// <remarks>
/// The framework's own classes throw and allocate when a tag is wrong, which a peer could bring about at will; this one returns false.
/// Nothing is allocated after creation. One thread at a time.
/// </remarks>
public sealed unsafe class AeadNative : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // One context a direction: each keeps its expanded key, and only the nonce is set per message.
    private readonly EvpCipherContext _sealing;
    private readonly EvpCipherContext _opening;

    /// <summary>Expands <paramref name="key"/>: 16 bytes for AES-128, 32 for the others.</summary>
    public AeadNative(AeadCipher cipher, ReadOnlySpan<byte> key)
    {
        if (key.Length != (cipher == AeadCipher.Aes128Gcm ? 16 : 32)) throw new ArgumentException("The key has another length.", nameof(key));

        nint type = cipher switch
        {
            AeadCipher.Aes128Gcm => LibCrypto.Aes128Gcm(),
            AeadCipher.Aes256Gcm => LibCrypto.Aes256Gcm(),
            AeadCipher.ChaCha20Poly1305 => LibCrypto.ChaCha20Poly1305(),
            _ => throw new ArgumentOutOfRangeException(nameof(cipher)),
        };
        _sealing = Create(type, key, LibCrypto.Encrypt);
        _opening = Create(type, key, LibCrypto.Decrypt);
    }

    /// <summary>Encrypts <paramref name="text"/> in place and writes its tag.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <param name="text">Plaintext in, ciphertext out.</param>
    /// <param name="tag">Receives 16 bytes.</param>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        CheckLengths(nonce, tag);

        // All spans are pinned for the call, and each pointer goes to libcrypto with its own length; nonce and tag were checked above.
        fixed (byte* noncePointer = nonce, dataPointer = associatedData, textPointer = text, tagPointer = tag)
        {
            bool sealedText = LibCrypto.CipherInit(_sealing, 0, 0, null, noncePointer, LibCrypto.Encrypt) == 1
                && Update(_sealing, dataPointer, associatedData.Length, textPointer, text.Length)
                && LibCrypto.CipherControl(_sealing, LibCrypto.GetTag, TagLength, tagPointer) == 1;
            if (!sealedText) throw RawKey.Failed(null);
        }
    }

    /// <summary>Checks the tag and decrypts <paramref name="text"/> in place.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">As given to <see cref="Seal"/>.</param>
    /// <param name="text">Ciphertext in, plaintext out; cleared when false is returned.</param>
    /// <param name="tag">16 bytes.</param>
    /// <returns>Whether the tag is right.</returns>
    public bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        CheckLengths(nonce, tag);

        // As above; libcrypto only reads the tag, although its parameter is not const.
        fixed (byte* noncePointer = nonce, dataPointer = associatedData, textPointer = text, tagPointer = tag)
        {
            if (LibCrypto.CipherInit(_opening, 0, 0, null, noncePointer, LibCrypto.Decrypt) == 1
                && LibCrypto.CipherControl(_opening, LibCrypto.SetTag, TagLength, tagPointer) == 1
                && Update(_opening, dataPointer, associatedData.Length, textPointer, text.Length))
                return true;
        }

        CryptographicOperations.ZeroMemory(text);
        LibCrypto.ClearErrors();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sealing.Dispose();
        _opening.Dispose();
    }

    private static EvpCipherContext Create(nint type, ReadOnlySpan<byte> key, int direction)
    {
        EvpCipherContext context = LibCrypto.NewCipherContext();

        // Pinned for the call; the cipher reads as many bytes as the constructor checked.
        fixed (byte* source = key)
        {
            return !context.IsInvalid && LibCrypto.CipherInit(context, type, 0, source, null, direction) == 1 ? context : throw RawKey.Failed(context);
        }
    }

    // Associated data, text in place, then the end, which for opening is the check of the tag.
    private static bool Update(EvpCipherContext context, byte* associatedData, int associatedLength, byte* text, int textLength)
    {
        byte none;
        return (associatedLength == 0 || LibCrypto.CipherUpdate(context, null, out _, associatedData, associatedLength) == 1)
            && (textLength == 0 || LibCrypto.CipherUpdate(context, text, out _, text, textLength) == 1)
            && LibCrypto.CipherFinal(context, &none, out _) == 1;
    }

    private static void CheckLengths(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tag)
    {
        if (nonce.Length != NonceLength) throw new ArgumentException("A nonce is 12 bytes.", nameof(nonce));
        if (tag.Length != TagLength) throw new ArgumentException("A tag is 16 bytes.", nameof(tag));
    }
}
