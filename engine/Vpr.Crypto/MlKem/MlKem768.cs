using System.Security.Cryptography;
using Vpr.Io;

namespace Vpr.Crypto;

/// <summary>ML-KEM-768: sizes, and the side that holds no key.</summary>
/// <remarks>FIPS 203 §7.2, §8</remarks>
public static class MlKem768
{
    /// <summary>Bytes of an encapsulation key, the public half.</summary>
    public const int EncapsulationKeyLength = 1184;

    /// <summary>Bytes of a ciphertext.</summary>
    public const int CiphertextLength = 1088;

    /// <summary>Bytes of a shared secret.</summary>
    public const int SharedSecretLength = 32;

    /// <summary>Bytes of a seed, from which the whole decapsulation key follows: d and z.</summary>
    public const int SeedLength = 64;

    internal const int Rank = 3; // k

    /// <summary>Makes a fresh shared secret and the ciphertext that carries it to the owner of <paramref name="encapsulationKey"/>.</summary>
    /// <remarks>FIPS 203 §7.2, algorithm 20</remarks>
    /// <param name="encapsulationKey">The peer's bytes, of any length and content.</param>
    /// <param name="random">Gives 32 secret bytes.</param>
    /// <param name="ciphertext">Receives 1088 bytes; cleared when false is returned.</param>
    /// <param name="sharedSecret">Receives 32 bytes; cleared when false is returned.</param>
    /// <returns>False when the peer's bytes are not 1184 or fail the modulus check.</returns>
    public static bool Encapsulate(ReadOnlySpan<byte> encapsulationKey, IRandomSource random, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        ArgumentNullException.ThrowIfNull(random);
        Throw.IfLengthIsNot(CiphertextLength, ciphertext);
        Throw.IfLengthIsNot(SharedSecretLength, sharedSecret);
        Span<byte> message = stackalloc byte[32];
        random.FillSecret(message);
        bool valid = EncapsulateCore(encapsulationKey, message, ciphertext, sharedSecret);
        CryptographicOperations.ZeroMemory(message);
        return valid;
    }

    /// <summary>ML-KEM.Encaps_internal, with the randomness given.</summary>
    /// <remarks>FIPS 203 §6.2, algorithm 17</remarks>
    internal static bool EncapsulateCore(ReadOnlySpan<byte> encapsulationKey, ReadOnlySpan<byte> message, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        Span<short> vector = stackalloc short[KPke.VectorCoefficients];
        if (encapsulationKey.Length != EncapsulationKeyLength || !KPke.TryDecodeKey(encapsulationKey, vector))
        {
            ciphertext.Clear();
            sharedSecret.Clear();
            return false;
        }

        Span<short> matrix = stackalloc short[KPke.MatrixCoefficients];
        Span<byte> keyHash = stackalloc byte[32];
        Span<byte> derived = stackalloc byte[64]; // K ‖ r
        MlKemSampling.Matrix(KPke.MatrixSeed(encapsulationKey), matrix);
        Sha3.Hash256(encapsulationKey, keyHash);
        Sha3.Hash512(message, keyHash, derived);
        KPke.Encrypt(matrix, vector, message, derived[32..], ciphertext);
        derived[..32].CopyTo(sharedSecret);
        CryptographicOperations.ZeroMemory(derived);
        return true;
    }
}
