using System.Security.Cryptography;
using Vpr.Interop.OpenSsl;
using Vpr.Io;

namespace Vpr.Crypto;

/// <summary>Ed25519: sizes and the check of a signature.</summary>
/// <remarks>RFC 8032 §5.1</remarks>
public static class Ed25519
{
    /// <summary>Bytes of a seed and of a public key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>Whether <paramref name="signature"/> is a signature of <paramref name="message"/> under <paramref name="publicKey"/>.</summary>
    /// <remarks>RFC 8032 §5.1.7. Any bytes may be given: what has the wrong length or is no point is no signature.</remarks>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == KeyLength
        && signature.Length == SignatureLength
        && Ed25519Native.Verify(publicKey, message, signature);
}

/// <summary>An Ed25519 private key, which libcrypto keeps and cleanses when it is disposed.</summary>
/// <remarks>RFC 8032 §5.1.5</remarks>
public sealed class Ed25519PrivateKey : IDisposable
{
    private readonly EvpKey _key;
    private readonly byte[] _publicKey = new byte[Ed25519.KeyLength];

    private Ed25519PrivateKey(EvpKey key)
    {
        _key = key;
        Ed25519Native.ExportPublicKey(key, _publicKey);
    }

    /// <summary>The public key, 32 bytes, valid as long as this object.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>A new key from 32 secret bytes of <paramref name="random"/>.</summary>
    public static Ed25519PrivateKey Generate(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> seed = stackalloc byte[Ed25519.KeyLength];
        try
        {
            random.FillSecret(seed);
            return Import(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The key of a 32-byte seed; the caller's copy is the caller's to erase.</summary>
    public static Ed25519PrivateKey Import(ReadOnlySpan<byte> seed)
    {
        Throw.IfLengthIsNot(Ed25519.KeyLength, seed);
        return new Ed25519PrivateKey(Ed25519Native.ImportPrivateKey(seed));
    }

    /// <summary>Writes the 32-byte seed, which the caller then has to erase.</summary>
    public void Export(Span<byte> seed)
    {
        Throw.IfLengthIsNot(Ed25519.KeyLength, seed);
        Ed25519Native.ExportPrivateKey(_key, seed);
    }

    /// <summary>Signs <paramref name="message"/>; the same message always gives the same 64 bytes.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Throw.IfLengthIsNot(Ed25519.SignatureLength, signature);
        Ed25519Native.Sign(_key, message, signature);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
