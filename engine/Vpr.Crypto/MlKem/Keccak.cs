using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The permutation Keccak-f[1600].</summary>
/// <remarks>FIPS 202 §3.3. Lanes are numbered x + 5y. Constant-time.</remarks>
internal static class Keccak
{
    internal const int LaneCount = 25;

    private const int Rounds = 24;

    // ι, FIPS 202 §3.2.5
    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Permutes four states side by side, or one after the other where the processor has no vectors for them.</summary>
    /// <param name="states">25 lanes of four states each.</param>
    internal static void PermuteFour(Span<FourLanes> states)
    {
        if (Avx2.IsSupported)
        {
            Permute(states);
            return;
        }

        Span<ulong> words = MemoryMarshal.Cast<FourLanes, ulong>(states);
        Span<SingleLane> state = stackalloc SingleLane[LaneCount];
        for (int n = 0; n < 4; n++)
        {
            for (int lane = 0; lane < LaneCount; lane++) state[lane] = new SingleLane(words[4 * lane + n]);
            Permute(state);
            for (int lane = 0; lane < LaneCount; lane++) words[4 * lane + n] = state[lane].Value;
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
    }

    // AggressiveOptimization: without it the first handshakes of a process would run unoptimized code, many times slower.
    /// <param name="state">25 lanes, permuted in place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Permute<TLane>(Span<TLane> state)
        where TLane : struct, IKeccakLane<TLane>
    {
        Debug.Assert(state.Length == LaneCount);
        Unsafe.SkipInit(out Scratch<TLane> scratch);
        ref TLane even = ref MemoryMarshal.GetReference(state);
        ref TLane odd = ref Unsafe.As<Scratch<TLane>, TLane>(ref scratch);
        for (int round = 0; round < Rounds; round += 2)
        {
            Round(ref even, ref odd, TLane.Broadcast(RoundConstants[round]));
            Round(ref odd, ref even, TLane.Broadcast(RoundConstants[round + 1]));
        }

        MemoryMarshal.AsBytes<TLane>(MemoryMarshal.CreateSpan(ref odd, LaneCount)).Clear();
    }

    // Reads one state and writes the next: θ over the columns, then ρ and π pick the five lanes of each new row for χ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round<TLane>(ref TLane a, ref TLane e, TLane constant)
        where TLane : struct, IKeccakLane<TLane>
    {
        TLane c0 = a ^ At(ref a, 5) ^ At(ref a, 10) ^ At(ref a, 15) ^ At(ref a, 20);
        TLane c1 = At(ref a, 1) ^ At(ref a, 6) ^ At(ref a, 11) ^ At(ref a, 16) ^ At(ref a, 21);
        TLane c2 = At(ref a, 2) ^ At(ref a, 7) ^ At(ref a, 12) ^ At(ref a, 17) ^ At(ref a, 22);
        TLane c3 = At(ref a, 3) ^ At(ref a, 8) ^ At(ref a, 13) ^ At(ref a, 18) ^ At(ref a, 23);
        TLane c4 = At(ref a, 4) ^ At(ref a, 9) ^ At(ref a, 14) ^ At(ref a, 19) ^ At(ref a, 24);

        TLane d0 = c4 ^ TLane.RotateLeft(c1, 1);
        TLane d1 = c0 ^ TLane.RotateLeft(c2, 1);
        TLane d2 = c1 ^ TLane.RotateLeft(c3, 1);
        TLane d3 = c2 ^ TLane.RotateLeft(c4, 1);
        TLane d4 = c3 ^ TLane.RotateLeft(c0, 1);

        Row(
            ref e, a ^ d0, TLane.RotateLeft(At(ref a, 6) ^ d1, 44), TLane.RotateLeft(At(ref a, 12) ^ d2, 43),
            TLane.RotateLeft(At(ref a, 18) ^ d3, 21), TLane.RotateLeft(At(ref a, 24) ^ d4, 14));
        e ^= constant;
        Row(
            ref At(ref e, 5), TLane.RotateLeft(At(ref a, 3) ^ d3, 28), TLane.RotateLeft(At(ref a, 9) ^ d4, 20), TLane.RotateLeft(At(ref a, 10) ^ d0, 3),
            TLane.RotateLeft(At(ref a, 16) ^ d1, 45), TLane.RotateLeft(At(ref a, 22) ^ d2, 61));
        Row(
            ref At(ref e, 10), TLane.RotateLeft(At(ref a, 1) ^ d1, 1), TLane.RotateLeft(At(ref a, 7) ^ d2, 6), TLane.RotateLeft(At(ref a, 13) ^ d3, 25),
            TLane.RotateLeft(At(ref a, 19) ^ d4, 8), TLane.RotateLeft(At(ref a, 20) ^ d0, 18));
        Row(
            ref At(ref e, 15), TLane.RotateLeft(At(ref a, 4) ^ d4, 27), TLane.RotateLeft(At(ref a, 5) ^ d0, 36), TLane.RotateLeft(At(ref a, 11) ^ d1, 10),
            TLane.RotateLeft(At(ref a, 17) ^ d2, 15), TLane.RotateLeft(At(ref a, 23) ^ d3, 56));
        Row(
            ref At(ref e, 20), TLane.RotateLeft(At(ref a, 2) ^ d2, 62), TLane.RotateLeft(At(ref a, 8) ^ d3, 55), TLane.RotateLeft(At(ref a, 14) ^ d4, 39),
            TLane.RotateLeft(At(ref a, 15) ^ d0, 41), TLane.RotateLeft(At(ref a, 21) ^ d1, 2));
    }

    // χ on one row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TLane>(ref TLane e, TLane b0, TLane b1, TLane b2, TLane b3, TLane b4)
        where TLane : struct, IKeccakLane<TLane>
    {
        e = b0 ^ TLane.AndNot(b1, b2);
        At(ref e, 1) = b1 ^ TLane.AndNot(b2, b3);
        At(ref e, 2) = b2 ^ TLane.AndNot(b3, b4);
        At(ref e, 3) = b3 ^ TLane.AndNot(b4, b0);
        At(ref e, 4) = b4 ^ TLane.AndNot(b0, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref TLane At<TLane>(ref TLane state, int lane) => ref Unsafe.Add(ref state, lane);

    [InlineArray(LaneCount)]
    private struct Scratch<TLane>
    {
        private TLane _first;
    }
}
