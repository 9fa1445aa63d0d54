using System.Security.Cryptography;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>A traffic secret of the key schedule, from which QUIC derives packet and header protection keys.</summary>
/// <remarks>RFC 8446 §7.1, RFC 9001 §5.1. Whoever takes it from the handshake owns it and disposes it, which erases the secret.</remarks>
public sealed class TrafficSecret : IDisposable
{
    private readonly byte[] _secret;
    private bool _erased;

    /// <summary>Copies a secret.</summary>
    /// <param name="level">The level whose packets it protects.</param>
    /// <param name="direction">Which way those packets go.</param>
    /// <param name="cipherSuite">The negotiated suite, which decides AEAD and hash.</param>
    /// <param name="secret">The secret, as long as the suite's hash: 32 or 48 bytes.</param>
    public TrafficSecret(EncryptionLevel level, SecretDirection direction, CipherSuite cipherSuite, ReadOnlySpan<byte> secret)
    {
        Level = level;
        Direction = direction;
        CipherSuite = cipherSuite;
        // Pinned, so that the collector leaves no second copy behind when it compacts.
        _secret = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(_secret);
    }

    /// <summary>The level whose packets it protects.</summary>
    public EncryptionLevel Level { get; }

    /// <summary>Which way those packets go.</summary>
    public SecretDirection Direction { get; }

    /// <summary>The negotiated suite, which decides AEAD and hash.</summary>
    public CipherSuite CipherSuite { get; }

    /// <summary>The secret, 32 or 48 bytes; valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The secret was erased.</exception>
    public ReadOnlySpan<byte> Secret
    {
        get
        {
            ObjectDisposedException.ThrowIf(_erased, this);
            return _secret;
        }
    }

    /// <summary>Erases the secret.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _erased = true;
    }
}
