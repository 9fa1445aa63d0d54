using System.Security.Cryptography;
using Vpr.Io;

namespace Vpr.Crypto;

/// <summary>A decapsulation key of ML-KEM-768, the private half, which is erased when it is disposed.</summary>
/// <remarks>FIPS 203 §7.1, §7.3. One thread at a time.</remarks>
public sealed class MlKem768DecapsulationKey : IDisposable
{
    private readonly MlKemKey _key;
    private bool _disposed;

    internal MlKem768DecapsulationKey(MlKemKey key) => _key = key;

    /// <summary>The encapsulation key, 1184 bytes, valid as long as this object.</summary>
    public ReadOnlySpan<byte> EncapsulationKey => _key.EncapsulationKey;

    /// <summary>A new key from 64 secret bytes of <paramref name="random"/>.</summary>
    /// <remarks>FIPS 203 §7.1, algorithm 19</remarks>
    public static MlKem768DecapsulationKey Generate(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> seed = stackalloc byte[MlKem768.SeedLength];
        random.FillSecret(seed);
        MlKem768DecapsulationKey key = ImportSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>The key of a 64-byte seed, d then z; the caller's copy is the caller's to erase.</summary>
    public static MlKem768DecapsulationKey ImportSeed(ReadOnlySpan<byte> seed)
    {
        Throw.IfLengthIsNot(MlKem768.SeedLength, seed);
        return new MlKem768DecapsulationKey(MlKemKey.FromSeed(seed));
    }

    /// <summary>Recovers the shared secret that <paramref name="ciphertext"/> carries.</summary>
    /// <remarks>
    /// A forged ciphertext gives a secret that is fixed by it and by z, and that nobody else knows (implicit rejection): the handshake
    /// fails later, and no time or error shows why.
    /// </remarks>
    /// <param name="ciphertext">The peer's bytes, of any length and content.</param>
    /// <param name="sharedSecret">Receives 32 bytes; cleared when false is returned.</param>
    /// <returns>False when the peer's bytes are not 1088.</returns>
    public bool Decapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Throw.IfLengthIsNot(MlKem768.SharedSecretLength, sharedSecret);
        Throw.IfDisposed(_disposed, this);
        if (ciphertext.Length != MlKem768.CiphertextLength)
        {
            sharedSecret.Clear();
            return false;
        }

        _key.DecapsulateCore(ciphertext, sharedSecret);
        return true;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _key.Dispose();
    }
}
