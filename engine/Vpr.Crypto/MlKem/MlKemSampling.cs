using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>Polynomials out of hash output: uniform ones for the matrix, small ones for secrets and noise.</summary>
/// <remarks>FIPS 203 §4.2.2</remarks>
internal static class MlKemSampling
{
    private const int NoiseLength = 128; // 64 · η bytes with η = 2

    /// <summary>Samples the 3 × 3 matrix Â in the transformed domain.</summary>
    /// <remarks>FIPS 203 §4.2.2, algorithm 7, and line 5 of algorithm 13. The seed is public, so the number of tries may show.</remarks>
    /// <param name="seed">ρ, 32 bytes.</param>
    /// <param name="matrix">Nine polynomials, row after row.</param>
    internal static void Matrix(ReadOnlySpan<byte> seed, Span<short> matrix)
    {
        const int Entries = MlKem768.Rank * MlKem768.Rank;
        Span<FourLanes> state = stackalloc FourLanes[Keccak.LaneCount];
        Span<byte> blocks = stackalloc byte[4 * Sha3.Shake128Rate];
        Span<ulong> suffixes = stackalloc ulong[4];
        Span<int> filled = stackalloc int[4];
        for (int first = 0; first < Entries; first += 4)
        {
            int count = Math.Min(4, Entries - first);
            for (int i = 0; i < 4; i++)
            {
                int entry = first + Math.Min(i, count - 1);
                int row = entry / MlKem768.Rank, column = entry % MlKem768.Rank;
                suffixes[i] = (uint)(column | row << 8); // ρ ‖ j ‖ i
            }

            filled.Clear();
            ShakeX4 shake = new(state, Sha3.Shake128Rate, seed, suffixes, 2);
            for (bool complete = false; !complete;)
            {
                shake.Squeeze(blocks);
                complete = true;
                for (int i = 0; i < count; i++)
                {
                    Span<short> polynomial = matrix.Slice((first + i) * MlKemRing.N, MlKemRing.N);
                    filled[i] += Uniform(blocks.Slice(i * Sha3.Shake128Rate, Sha3.Shake128Rate), polynomial[filled[i]..]);
                    complete &= filled[i] == MlKemRing.N;
                }
            }
        }
    }

    /// <summary>Samples up to seven small polynomials from one secret seed, numbered from 0.</summary>
    /// <remarks>FIPS 203 §4.1 (PRF), §4.2.2 algorithm 8 with η = 2.</remarks>
    /// <param name="seed">σ or r, 32 bytes.</param>
    /// <param name="polynomials">The polynomials, one after the other.</param>
    internal static void Noise(ReadOnlySpan<byte> seed, Span<short> polynomials)
    {
        Span<FourLanes> state = stackalloc FourLanes[Keccak.LaneCount];
        Span<byte> blocks = stackalloc byte[4 * Sha3.Shake256Rate];
        int total = polynomials.Length / MlKemRing.N;
        for (int first = 0; first < total; first += 4)
        {
            ulong number = (uint)first;
            ShakeX4 shake = new(state, Sha3.Shake256Rate, seed, [number, number + 1, number + 2, number + 3], 1);
            shake.Squeeze(blocks);
            shake.Clear();
            for (int i = 0; i < 4 && first + i < total; i++)
                CenteredBinomial(blocks.Slice(i * Sha3.Shake256Rate, NoiseLength), polynomials.Slice((first + i) * MlKemRing.N, MlKemRing.N));
        }

        CryptographicOperations.ZeroMemory(blocks);
    }

    private static int Uniform(ReadOnlySpan<byte> source, Span<short> destination)
    {
        int count = 0;
        for (int at = 0; at + 3 <= source.Length && count < destination.Length; at += 3)
        {
            int low = source[at] | (source[at + 1] & 0x0f) << 8;
            int high = source[at + 1] >> 4 | source[at + 2] << 4;
            if (low < MlKemRing.Q) destination[count++] = (short)low;
            if (high < MlKemRing.Q && count < destination.Length) destination[count++] = (short)high;
        }

        return count;
    }

    // Each coefficient is the difference of two sums of two bits; eight coefficients come out of 32 bits.
    private static void CenteredBinomial(ReadOnlySpan<byte> source, Span<short> destination)
    {
        Debug.Assert(source.Length == NoiseLength && destination.Length == MlKemRing.N);
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(source);
        for (int i = 0; i < words.Length; i++)
        {
            uint sums = (words[i] & 0x55555555) + (words[i] >> 1 & 0x55555555);
            for (int j = 0; j < 8; j++)
            {
                destination[8 * i + j] = (short)((int)(sums & 3) - (int)(sums >> 2 & 3));
                sums >>= 4;
            }
        }
    }
}
