using System.Security.Cryptography;
using Vpr.Interop.OpenSsl;
using Vpr.Io;

namespace Vpr.Crypto;

/// <summary>Sizes of X25519.</summary>
/// <remarks>RFC 7748 §5</remarks>
public static class X25519
{
    /// <summary>Bytes of a private key, a public key and a shared secret.</summary>
    public const int KeyLength = 32;
}

/// <summary>An X25519 private key, which libcrypto keeps and cleanses when it is disposed.</summary>
/// <remarks>RFC 7748 §5, §6.1</remarks>
public sealed class X25519PrivateKey : IDisposable
{
    private readonly EvpKey _key;
    private readonly byte[] _publicKey = new byte[X25519.KeyLength];

    private X25519PrivateKey(EvpKey key)
    {
        _key = key;
        X25519Native.ExportPublicKey(key, _publicKey);
    }

    /// <summary>The public key, 32 bytes, valid as long as this object.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>A new key from 32 secret bytes of <paramref name="random"/>.</summary>
    public static X25519PrivateKey Generate(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[X25519.KeyLength];
        try
        {
            random.FillSecret(bytes);
            return Import(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The key of 32 bytes, clamped where it is used; the caller's copy is the caller's to erase.</summary>
    public static X25519PrivateKey Import(ReadOnlySpan<byte> privateKey)
    {
        Throw.IfLengthIsNot(X25519.KeyLength, privateKey);
        return new X25519PrivateKey(X25519Native.ImportPrivateKey(privateKey));
    }

    /// <summary>Writes the 32 bytes of the private key, which the caller then has to erase.</summary>
    public void Export(Span<byte> privateKey)
    {
        Throw.IfLengthIsNot(X25519.KeyLength, privateKey);
        X25519Native.ExportPrivateKey(_key, privateKey);
    }

    /// <summary>Computes the secret shared with the owner of <paramref name="peerPublicKey"/>.</summary>
    /// <param name="peerPublicKey">The peer's bytes, of any length and content.</param>
    /// <param name="secret">Receives 32 bytes; cleared when false is returned.</param>
    /// <returns>False when the peer's bytes are not 32 or a point of small order, so that the secret would be all zero.</returns>
    public bool Agree(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        Throw.IfLengthIsNot(X25519.KeyLength, secret);
        if (peerPublicKey.Length == X25519.KeyLength
            && X25519Native.Agree(_key, peerPublicKey, secret)
            && !IsZero(secret)) // RFC 7748 §6.1; not every release of libcrypto looks itself
            return true;

        secret.Clear();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static bool IsZero(ReadOnlySpan<byte> secret)
    {
        int union = 0;
        foreach (byte octet in secret) union |= octet;
        return union == 0;
    }
}
