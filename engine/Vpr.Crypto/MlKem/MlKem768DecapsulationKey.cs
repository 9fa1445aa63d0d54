using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vpr.Io;

namespace Vpr.Crypto;

/// <summary>A decapsulation key of ML-KEM-768, the private half, which is erased when it is disposed.</summary>
/// <remarks>FIPS 203 §7.1, §7.3. The matrix is kept expanded, so that decapsulation does not sample it again.</remarks>
public sealed class MlKem768DecapsulationKey : IDisposable
{
    /// <summary>Bytes of the expanded form of FIPS 203: ŝ, the encapsulation key, its hash, z.</summary>
    internal const int ExpandedLength = 2400;

    private const int SecretVectorLength = MlKem768.Rank * MlKemEncoding.WholeLength;

    // Pinned, so that the collector leaves no copy behind.
    private readonly short[] _secret = GC.AllocateArray<short>(KPke.VectorCoefficients, pinned: true); // ŝ
    private readonly byte[] _rejection = GC.AllocateArray<byte>(32, pinned: true); // z
    private readonly byte[] _encapsulationKey = new byte[MlKem768.EncapsulationKeyLength];
    private readonly byte[] _keyHash = new byte[32];
    private readonly short[] _vector = new short[KPke.VectorCoefficients]; // t̂
    private readonly short[] _matrix = new short[KPke.MatrixCoefficients]; // Â
    private bool _disposed;

    private MlKem768DecapsulationKey()
    {
    }

    /// <summary>The encapsulation key, 1184 bytes, valid as long as this object.</summary>
    public ReadOnlySpan<byte> EncapsulationKey => _encapsulationKey;

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
    /// <remarks>FIPS 203 §6.1, algorithm 16</remarks>
    public static MlKem768DecapsulationKey ImportSeed(ReadOnlySpan<byte> seed)
    {
        Throw.IfLengthIsNot(MlKem768.SeedLength, seed);
        MlKem768DecapsulationKey key = new();
        KPke.GenerateKey(seed[..32], key._encapsulationKey, key._matrix, key._secret);
        KPke.TryDecodeKey(key._encapsulationKey, key._vector);
        Sha3.Hash256(key._encapsulationKey, key._keyHash);
        seed[32..].CopyTo(key._rejection);
        return key;
    }

    /// <summary>Recovers the shared secret that <paramref name="ciphertext"/> carries.</summary>
    /// <remarks>
    /// FIPS 203 §6.3, algorithm 18. A forged ciphertext gives a secret that is fixed by it and by z, and that nobody else knows
    /// (implicit rejection): the handshake fails later, and no time or error shows why.
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

        Span<byte> message = stackalloc byte[32];
        Span<byte> derived = stackalloc byte[64]; // K' ‖ r'
        Span<byte> rejected = stackalloc byte[32];
        Span<byte> again = stackalloc byte[MlKem768.CiphertextLength];
        KPke.Decrypt(_secret, ciphertext, message);
        Sha3.Hash512(message, _keyHash, derived);
        Sha3.Shake256(_rejection, ciphertext, rejected);
        KPke.Encrypt(_matrix, _vector, message, derived[32..], again);

        int keep = -Convert.ToInt32(CryptographicOperations.FixedTimeEquals(ciphertext, again)); // all ones or none, without a branch
        for (int i = 0; i < sharedSecret.Length; i++)
            sharedSecret[i] = unchecked((byte)(derived[i] & keep | rejected[i] & ~keep));

        CryptographicOperations.ZeroMemory(message);
        CryptographicOperations.ZeroMemory(derived);
        CryptographicOperations.ZeroMemory(rejected);
        CryptographicOperations.ZeroMemory(again);
        return true;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_secret.AsSpan()));
        CryptographicOperations.ZeroMemory(_rejection);
    }

    /// <summary>The key of its expanded form, or null when the parts do not belong together.</summary>
    /// <remarks>FIPS 203 §7.3, the hash check</remarks>
    internal static MlKem768DecapsulationKey? ImportExpanded(ReadOnlySpan<byte> expanded)
    {
        Throw.IfLengthIsNot(ExpandedLength, expanded);
        MlKem768DecapsulationKey key = new();
        bool valid = true;
        for (int i = 0; i < MlKem768.Rank; i++)
        {
            valid &= MlKemEncoding.TryDecode(
                expanded.Slice(i * MlKemEncoding.WholeLength, MlKemEncoding.WholeLength),
                key._secret.AsSpan(i * MlKemRing.N, MlKemRing.N));
        }

        expanded.Slice(SecretVectorLength, MlKem768.EncapsulationKeyLength).CopyTo(key._encapsulationKey);
        expanded[^32..].CopyTo(key._rejection);
        Sha3.Hash256(key._encapsulationKey, key._keyHash);
        valid &= KPke.TryDecodeKey(key._encapsulationKey, key._vector);
        valid &= CryptographicOperations.FixedTimeEquals(key._keyHash, expanded[^64..^32]);
        MlKemSampling.Matrix(KPke.MatrixSeed(key._encapsulationKey), key._matrix);
        if (valid) return key;
        key.Dispose();
        return null;
    }

    /// <summary>Writes the expanded form, 2400 bytes.</summary>
    internal void ExportExpanded(Span<byte> expanded)
    {
        Throw.IfLengthIsNot(ExpandedLength, expanded);
        Throw.IfDisposed(_disposed, this);
        for (int i = 0; i < MlKem768.Rank; i++)
            MlKemEncoding.Encode(_secret.AsSpan(i * MlKemRing.N, MlKemRing.N), expanded.Slice(i * MlKemEncoding.WholeLength, MlKemEncoding.WholeLength));

        _encapsulationKey.CopyTo(expanded[SecretVectorLength..]);
        _keyHash.CopyTo(expanded[^64..]);
        _rejection.CopyTo(expanded[^32..]);
    }
}
