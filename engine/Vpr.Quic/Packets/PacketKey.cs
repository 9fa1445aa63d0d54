using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Tls;
using Vpr.Wire.Tls;

namespace Vpr.Quic;

/// <summary>The AEAD key and IV that protect the packets of one direction in one key phase.</summary>
/// <remarks>RFC 9001 §5.1, §5.3. Erases itself when disposed.</remarks>
internal sealed class PacketKey : IDisposable
{
    /// <summary>Bytes that protection adds to a packet.</summary>
    public const int TagLength = 16;

    private const int IvLength = 12;

    private readonly Aead _aead;
    private readonly byte[] _iv = GC.AllocateUninitializedArray<byte>(IvLength, pinned: true);

    private PacketKey(Aead aead, ReadOnlySpan<byte> iv)
    {
        _aead = aead;
        iv.CopyTo(_iv);
    }

    /// <summary>The key that a traffic secret gives.</summary>
    /// <param name="suite">Decides the AEAD and the hash.</param>
    /// <param name="secret">The traffic secret, as long as the hash.</param>
    public static PacketKey Derive(CipherSuite suite, ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[suite.Aead().KeyLength()];
        Span<byte> iv = stackalloc byte[IvLength];
        Hkdf.ExpandLabel(suite.Hash(), secret, "quic key"u8, [], key);
        Hkdf.ExpandLabel(suite.Hash(), secret, "quic iv"u8, [], iv);
        PacketKey derived = new(Aead.Create(suite.Aead(), key), iv);
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }

    /// <summary>Encrypts a payload where it lies.</summary>
    /// <param name="number">The packet's full number, never used before with this key.</param>
    /// <param name="header">The header before header protection, packet number included.</param>
    /// <param name="payload">Plain text in, cipher text out.</param>
    /// <param name="tag">Receives 16 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as Aead.Seal
    public void Seal(ulong number, ReadOnlySpan<byte> header, Span<byte> payload, Span<byte> tag)
    {
        AeadNonce nonce = new(_iv, number);
        _aead.Seal(nonce.Bytes, header, payload, tag);
    }

    /// <summary>Decrypts a payload where it lies.</summary>
    /// <param name="number">The packet's full number.</param>
    /// <param name="header">The header with its protection removed, packet number included.</param>
    /// <param name="payload">Cipher text in; plain text out, or of no use when the result is false.</param>
    /// <param name="tag">The 16 bytes behind it.</param>
    /// <returns>Whether the packet is authentic.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as Aead.Seal
    public bool Open(ulong number, ReadOnlySpan<byte> header, Span<byte> payload, ReadOnlySpan<byte> tag)
    {
        AeadNonce nonce = new(_iv, number);
        return _aead.Open(nonce.Bytes, header, payload, tag);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aead.Dispose();
        CryptographicOperations.ZeroMemory(_iv);
    }
}
