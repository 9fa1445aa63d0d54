using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>A decapsulation key in our own code.</summary>
/// <remarks>FIPS 203 §6.1, §6.3. The matrix is kept expanded, so that decapsulation does not sample it again. Constant-time.</remarks>
internal sealed class ManagedMlKemKey : MlKemKey
{
    /// <summary>Bytes of the expanded form of FIPS 203: ŝ, the encapsulation key, its hash, z.</summary>
    internal const int ExpandedLength = 2400;

    private const int SecretVectorLength = MlKem768.Rank * MlKemEncoding.WholeLength;

    // Pinned, so that the collector leaves no copy behind.
    private readonly short[] _secret = GC.AllocateArray<short>(KPke.VectorCoefficients, pinned: true); // ŝ
    private readonly byte[] _rejection = GC.AllocateArray<byte>(32, pinned: true); // z
    private readonly byte[] _keyHash = new byte[32];
    private readonly short[] _vector = new short[KPke.VectorCoefficients]; // t̂
    private readonly short[] _matrix = new short[KPke.MatrixCoefficients]; // Â

    private ManagedMlKemKey()
    {
    }

    /// <summary>ML-KEM.KeyGen_internal.</summary>
    /// <remarks>FIPS 203 §6.1, algorithm 16</remarks>
    internal static new ManagedMlKemKey FromSeed(ReadOnlySpan<byte> seed)
    {
        ManagedMlKemKey key = new();
        KPke.GenerateKey(seed[..32], key.EncapsulationKey, key._matrix, key._secret);
        KPke.TryDecodeKey(key.EncapsulationKey, key._vector);
        Sha3.Hash256(key.EncapsulationKey, key._keyHash);
        seed[32..].CopyTo(key._rejection);
        return key;
    }

    /// <summary>The key of its expanded form, or null when the parts do not belong together.</summary>
    /// <remarks>FIPS 203 §7.3, the hash check</remarks>
    internal static ManagedMlKemKey? FromExpanded(ReadOnlySpan<byte> expanded)
    {
        Throw.IfLengthIsNot(ExpandedLength, expanded);
        ManagedMlKemKey key = new();
        bool valid = true;
        for (int i = 0; i < MlKem768.Rank; i++)
        {
            valid &= MlKemEncoding.TryDecode(
                expanded.Slice(i * MlKemEncoding.WholeLength, MlKemEncoding.WholeLength),
                key._secret.AsSpan(i * MlKemRing.N, MlKemRing.N));
        }

        expanded.Slice(SecretVectorLength, MlKem768.EncapsulationKeyLength).CopyTo(key.EncapsulationKey);
        expanded[^32..].CopyTo(key._rejection);
        Sha3.Hash256(key.EncapsulationKey, key._keyHash);
        valid &= KPke.TryDecodeKey(key.EncapsulationKey, key._vector);
        valid &= CryptographicOperations.FixedTimeEquals(key._keyHash, expanded[^64..^32]);
        MlKemSampling.Matrix(KPke.MatrixSeed(key.EncapsulationKey), key._matrix);
        if (valid) return key;
        key.Dispose();
        return null;
    }

    /// <summary>Writes the expanded form, 2400 bytes.</summary>
    internal void ExportExpanded(Span<byte> expanded)
    {
        Throw.IfLengthIsNot(ExpandedLength, expanded);
        for (int i = 0; i < MlKem768.Rank; i++)
            MlKemEncoding.Encode(_secret.AsSpan(i * MlKemRing.N, MlKemRing.N), expanded.Slice(i * MlKemEncoding.WholeLength, MlKemEncoding.WholeLength));

        EncapsulationKey.CopyTo(expanded[SecretVectorLength..]);
        _keyHash.CopyTo(expanded[^64..]);
        _rejection.CopyTo(expanded[^32..]);
    }

    /// <summary>ML-KEM.Decaps_internal.</summary>
    /// <remarks>FIPS 203 §6.3, algorithm 18</remarks>
    internal override void DecapsulateCore(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
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
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_secret.AsSpan()));
        CryptographicOperations.ZeroMemory(_rejection);
    }
}
