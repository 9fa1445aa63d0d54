using System.Runtime.CompilerServices;

namespace Vpr.Crypto;

/// <summary>A key of an AEAD, which seals and opens text where it lies.</summary>
/// <remarks>
/// RFC 5116. Nothing is allocated after <see cref="Create"/>. One thread at a time. The caller never uses a nonce twice under
/// one key, and keeps to the limits of RFC 9001 §6.6.
/// </remarks>
public sealed class Aead : IDisposable
{
    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 12;

    /// <summary>Bytes of an authentication tag.</summary>
    public const int TagLength = 16;

    private readonly AeadKey _key;
    private bool _disposed;

    private Aead(AeadAlgorithm algorithm, AeadKey key)
    {
        Algorithm = algorithm;
        _key = key;
    }

    /// <summary>What AES runs on in this process. Asking the first time, or making the first key, runs the self-test.</summary>
    public static AesProvider AesProvider => AesSelfTest.Provider;

    /// <summary>The algorithm of the key.</summary>
    public AeadAlgorithm Algorithm { get; }

    /// <summary>Expands <paramref name="key"/>, of exactly <see cref="AeadAlgorithmExtensions.KeyLength"/> bytes; the caller's copy is the caller's to erase.</summary>
    public static Aead Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Throw.IfLengthIsNot(algorithm.KeyLength(), key);
        return new Aead(algorithm, AeadKey.Create(algorithm, key));
    }

    /// <summary>As <see cref="Create"/> on a processor without instructions for AES.</summary>
    internal static Aead CreateByLibCrypto(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Throw.IfLengthIsNot(algorithm.KeyLength(), key);
        return new Aead(algorithm, new LibCryptoAead(algorithm, key));
    }

    /// <summary>Encrypts <paramref name="text"/> in place and writes its tag.</summary>
    /// <param name="nonce">12 bytes, never used before under this key.</param>
    /// <param name="associatedData">Authenticated, not encrypted; may lie directly before the text, not within it.</param>
    /// <param name="text">Plaintext in, ciphertext of the same length out.</param>
    /// <param name="tag">Receives 16 bytes; may lie directly behind the text, not within it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // four spans do not fit the registers; on their way through memory each caller would wait for them
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        Throw.IfLengthIsNot(NonceLength, nonce);
        Throw.IfLengthIsNot(TagLength, tag);
        Throw.IfDisposed(_disposed, this);
        _key.SealCore(nonce, associatedData, text, tag);
    }

    /// <summary>Checks the tag and decrypts <paramref name="text"/> in place.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">As given to <see cref="Seal"/>.</param>
    /// <param name="text">Ciphertext in, plaintext of the same length out; cleared or left as ciphertext, never plaintext, when false is returned.</param>
    /// <param name="tag">16 bytes.</param>
    /// <returns>Whether the tag is the one that the key, the nonce, the data and the text give.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Throw.IfLengthIsNot(NonceLength, nonce);
        Throw.IfLengthIsNot(TagLength, tag);
        Throw.IfDisposed(_disposed, this);
        return _key.OpenCore(nonce, associatedData, text, tag);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _key.Dispose();
    }
}
