using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The public-key encryption inside ML-KEM-768; not to be used by itself.</summary>
/// <remarks>FIPS 203 §5</remarks>
internal static class KPke
{
    internal const int VectorCoefficients = MlKem768.Rank * MlKemRing.N;
    internal const int MatrixCoefficients = MlKem768.Rank * VectorCoefficients;

    private const int VectorLength = MlKem768.Rank * MlKemEncoding.WholeLength;
    private const int CompressedVectorLength = MlKem768.Rank * MlKemEncoding.TenBitLength;

    /// <summary>K-PKE.KeyGen.</summary>
    /// <remarks>FIPS 203 §5.1, algorithm 13</remarks>
    /// <param name="seed">d, 32 bytes.</param>
    /// <param name="encapsulationKey">Receives t̂ and ρ, 1184 bytes.</param>
    /// <param name="matrix">Receives Â.</param>
    /// <param name="secret">Receives ŝ, normalized.</param>
    internal static void GenerateKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey, Span<short> matrix, Span<short> secret)
    {
        Span<byte> seeds = stackalloc byte[64]; // ρ ‖ σ
        Span<short> noise = stackalloc short[2 * VectorCoefficients]; // s ‖ e
        Span<short> product = stackalloc short[MlKemRing.N];
        Sha3.Hash512(seed, [MlKem768.Rank], seeds);
        MlKemSampling.Matrix(seeds[..32], matrix);
        MlKemSampling.Noise(seeds[32..], noise);
        for (int i = 0; i < noise.Length; i += MlKemRing.N) MlKemRing.Ntt(noise.Slice(i, MlKemRing.N));

        noise[..VectorCoefficients].CopyTo(secret);
        MlKemRing.Normalize(secret);
        for (int row = 0; row < MlKem768.Rank; row++)
        {
            MlKemRing.InnerProduct(matrix.Slice(row * VectorCoefficients, VectorCoefficients), secret, product);
            MlKemRing.MultiplyByR(product);
            MlKemRing.Add(product, noise.Slice(VectorCoefficients + row * MlKemRing.N, MlKemRing.N));
            MlKemRing.Normalize(product);
            MlKemEncoding.Encode(product, encapsulationKey.Slice(row * MlKemEncoding.WholeLength, MlKemEncoding.WholeLength));
        }

        seeds[..32].CopyTo(encapsulationKey[VectorLength..]);
        CryptographicOperations.ZeroMemory(seeds);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(noise));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(product));
    }

    /// <summary>Decodes an encapsulation key; false when a coefficient is not below q.</summary>
    /// <remarks>FIPS 203 §7.2, the modulus check</remarks>
    /// <param name="encapsulationKey">1184 bytes.</param>
    /// <param name="vector">Receives t̂.</param>
    internal static bool TryDecodeKey(ReadOnlySpan<byte> encapsulationKey, Span<short> vector)
    {
        bool valid = true;
        for (int i = 0; i < MlKem768.Rank; i++)
        {
            valid &= MlKemEncoding.TryDecode(
                encapsulationKey.Slice(i * MlKemEncoding.WholeLength, MlKemEncoding.WholeLength),
                vector.Slice(i * MlKemRing.N, MlKemRing.N));
        }

        return valid;
    }

    /// <summary>The seed ρ of the matrix, the last 32 bytes of an encapsulation key.</summary>
    internal static ReadOnlySpan<byte> MatrixSeed(ReadOnlySpan<byte> encapsulationKey) => encapsulationKey[VectorLength..];

    /// <summary>K-PKE.Encrypt.</summary>
    /// <remarks>FIPS 203 §5.2, algorithm 14</remarks>
    /// <param name="matrix">Â.</param>
    /// <param name="vector">t̂.</param>
    /// <param name="message">m, 32 bytes.</param>
    /// <param name="randomness">r, 32 bytes.</param>
    /// <param name="ciphertext">Receives 1088 bytes.</param>
    internal static void Encrypt(
        ReadOnlySpan<short> matrix, ReadOnlySpan<short> vector, ReadOnlySpan<byte> message, ReadOnlySpan<byte> randomness, Span<byte> ciphertext)
    {
        Debug.Assert(ciphertext.Length == MlKem768.CiphertextLength);
        Span<short> noise = stackalloc short[2 * VectorCoefficients + MlKemRing.N]; // y ‖ e1 ‖ e2
        Span<short> column = stackalloc short[VectorCoefficients];
        Span<short> product = stackalloc short[MlKemRing.N];
        Span<short> encoded = stackalloc short[MlKemRing.N];
        MlKemSampling.Noise(randomness, noise);
        Span<short> y = noise[..VectorCoefficients];
        for (int i = 0; i < MlKem768.Rank; i++) MlKemRing.Ntt(y.Slice(i * MlKemRing.N, MlKemRing.N));

        for (int i = 0; i < MlKem768.Rank; i++)
        {
            for (int row = 0; row < MlKem768.Rank; row++)
                matrix.Slice((row * MlKem768.Rank + i) * MlKemRing.N, MlKemRing.N).CopyTo(column.Slice(row * MlKemRing.N, MlKemRing.N));

            MlKemRing.InnerProduct(column, y, product);
            MlKemRing.InverseNtt(product);
            MlKemRing.Add(product, noise.Slice(VectorCoefficients + i * MlKemRing.N, MlKemRing.N));
            MlKemRing.Normalize(product);
            MlKemEncoding.CompressTenBits(product, ciphertext.Slice(i * MlKemEncoding.TenBitLength, MlKemEncoding.TenBitLength));
        }

        MlKemRing.InnerProduct(vector, y, product);
        MlKemRing.InverseNtt(product);
        MlKemRing.Add(product, noise[(2 * VectorCoefficients)..]);
        MlKemEncoding.DecompressMessage(message, encoded);
        MlKemRing.Add(product, encoded);
        MlKemRing.Normalize(product);
        MlKemEncoding.CompressFourBits(product, ciphertext[CompressedVectorLength..]);

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(noise));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(product));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(encoded));
    }

    /// <summary>K-PKE.Decrypt.</summary>
    /// <remarks>FIPS 203 §5.3, algorithm 15</remarks>
    /// <param name="secret">ŝ.</param>
    /// <param name="ciphertext">1088 bytes.</param>
    /// <param name="message">Receives m, 32 bytes.</param>
    internal static void Decrypt(ReadOnlySpan<short> secret, ReadOnlySpan<byte> ciphertext, Span<byte> message)
    {
        Span<short> u = stackalloc short[VectorCoefficients];
        Span<short> product = stackalloc short[MlKemRing.N];
        Span<short> v = stackalloc short[MlKemRing.N];
        for (int i = 0; i < MlKem768.Rank; i++)
        {
            Span<short> polynomial = u.Slice(i * MlKemRing.N, MlKemRing.N);
            MlKemEncoding.DecompressTenBits(ciphertext.Slice(i * MlKemEncoding.TenBitLength, MlKemEncoding.TenBitLength), polynomial);
            MlKemRing.Ntt(polynomial);
        }

        MlKemEncoding.DecompressFourBits(ciphertext[CompressedVectorLength..], v);
        MlKemRing.InnerProduct(secret, u, product);
        MlKemRing.InverseNtt(product);
        MlKemRing.SubtractFrom(product, v);
        MlKemRing.Normalize(product);
        MlKemEncoding.CompressMessage(product, message);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(product));
    }
}
