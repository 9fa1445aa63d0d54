using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Crypto;

/// <summary>Arithmetic on polynomials of 256 coefficients modulo q = 3329, and the number-theoretic transform.</summary>
/// <remarks>
/// FIPS 203 §2.4, §4.3. Coefficients are signed and only kept small; <see cref="Normalize"/> brings them to 0 … q-1. Products are
/// Montgomery products with R = 2^16. No branch and no address depends on a coefficient.
/// </remarks>
internal static class MlKemRing
{
    /// <summary>Coefficients of a polynomial.</summary>
    internal const int N = 256;

    /// <summary>The modulus.</summary>
    internal const int Q = 3329;

    private const short InverseOfQ = -3327; // q^-1 mod 2^16
    private const short RSquared = 1353; // 2^32 mod q: a Montgomery product with it multiplies by R
    private const short InverseScale = 1441; // R^2 / 128 mod q: undoes the 128 of the transform and one factor R^-1
    private const int BarrettFactor = 20159; // round(2^26 / q)

    // ζ^BitRev7(i) · R mod q with ζ = 17, FIPS 203 §4.3 and appendix A.
    private static readonly short[] Zetas = MakeZetas();

    /// <summary>Into the transformed domain; coefficients end within ±q/2.</summary>
    internal static void Ntt(Span<short> polynomial)
    {
        Debug.Assert(polynomial.Length == N);
        int k = 1;
        for (int length = N / 2; length >= 2; length /= 2)
        {
            for (int start = 0; start < N; start += 2 * length)
                Butterflies(polynomial.Slice(start, length), polynomial.Slice(start + length, length), Zetas[k++]);
        }

        Reduce(polynomial);
    }

    /// <summary>Out of the transformed domain, with one factor R: it cancels the R^-1 of <see cref="InnerProduct"/>.</summary>
    internal static void InverseNtt(Span<short> polynomial)
    {
        Debug.Assert(polynomial.Length == N);
        int k = N / 2 - 1;
        for (int length = 2; length <= N / 2; length *= 2)
        {
            for (int start = 0; start < N; start += 2 * length)
                InverseButterflies(polynomial.Slice(start, length), polynomial.Slice(start + length, length), Zetas[k--]);
        }

        MultiplyByConstant(polynomial, InverseScale);
    }

    /// <summary>The sum of the products of transformed polynomials, times R^-1.</summary>
    /// <remarks>FIPS 203 §4.3.1, algorithm 11, for as many pairs as there are.</remarks>
    /// <param name="left">A row of polynomials, coefficients within ±q.</param>
    /// <param name="right">As many polynomials, coefficients within ±q.</param>
    /// <param name="result">One polynomial, overwritten; within ±q.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void InnerProduct(ReadOnlySpan<short> left, ReadOnlySpan<short> right, Span<short> result)
    {
        Debug.Assert(left.Length == right.Length && left.Length % N == 0 && result.Length == N);
        for (int pair = 0; pair < N / 2; pair++)
        {
            // X^2 = ±ζ^(2 BitRev7 + 1): the sign alternates and each table entry serves two pairs.
            int zeta = Zetas[N / 4 + pair / 2];
            if ((pair & 1) != 0) zeta = -zeta;

            int constant = 0, linear = 0; // at most 3 · 2 · q^2 < 2^27
            for (int at = 2 * pair; at < left.Length; at += N)
            {
                int a0 = left[at], a1 = left[at + 1], b0 = right[at], b1 = right[at + 1];
                constant += a0 * b0 + a1 * MontgomeryReduce(b1 * zeta);
                linear += a0 * b1 + a1 * b0;
            }

            result[2 * pair] = MontgomeryReduce(constant);
            result[2 * pair + 1] = MontgomeryReduce(linear);
        }
    }

    /// <summary>Multiplies by R, where an inner product stays in the transformed domain.</summary>
    internal static void MultiplyByR(Span<short> polynomial) => MultiplyByConstant(polynomial, RSquared);

    internal static void Add(Span<short> polynomial, ReadOnlySpan<short> other)
    {
        for (int i = 0; i < polynomial.Length; i++) polynomial[i] += other[i];
    }

    /// <summary><paramref name="polynomial"/> becomes <paramref name="other"/> minus itself.</summary>
    internal static void SubtractFrom(Span<short> polynomial, ReadOnlySpan<short> other)
    {
        for (int i = 0; i < polynomial.Length; i++) polynomial[i] = (short)(other[i] - polynomial[i]);
    }

    /// <summary>Brings every coefficient to 0 … q-1.</summary>
    internal static void Normalize(Span<short> polynomial)
    {
        for (int i = 0; i < polynomial.Length; i++)
        {
            int value = BarrettReduce(polynomial[i]);
            polynomial[i] = (short)(value + (value >> 31 & Q));
        }
    }

    private static void Reduce(Span<short> polynomial)
    {
        for (int i = 0; i < polynomial.Length; i++) polynomial[i] = BarrettReduce(polynomial[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Butterflies(Span<short> low, Span<short> high, short zeta)
    {
        int i = 0;
        if (Sse2.IsSupported)
        {
            Vector128<short> factor = Vector128.Create(zeta);
            for (; i + Vector128<short>.Count <= low.Length; i += Vector128<short>.Count)
            {
                Vector128<short> a = Vector128.Create<short>(low[i..]);
                Vector128<short> t = MontgomeryMultiply(Vector128.Create<short>(high[i..]), factor);
                (a + t).CopyTo(low[i..]);
                (a - t).CopyTo(high[i..]);
            }
        }

        for (; i < low.Length; i++)
        {
            short t = MontgomeryReduce(high[i] * zeta);
            high[i] = (short)(low[i] - t);
            low[i] = (short)(low[i] + t);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseButterflies(Span<short> low, Span<short> high, short zeta)
    {
        int i = 0;
        if (Sse2.IsSupported)
        {
            Vector128<short> factor = Vector128.Create(zeta);
            for (; i + Vector128<short>.Count <= low.Length; i += Vector128<short>.Count)
            {
                Vector128<short> a = Vector128.Create<short>(low[i..]), b = Vector128.Create<short>(high[i..]);
                BarrettReduce(a + b).CopyTo(low[i..]);
                MontgomeryMultiply(b - a, factor).CopyTo(high[i..]);
            }
        }

        for (; i < low.Length; i++)
        {
            short t = low[i];
            low[i] = BarrettReduce((short)(t + high[i]));
            high[i] = MontgomeryReduce((high[i] - t) * zeta);
        }
    }

    private static void MultiplyByConstant(Span<short> polynomial, short factor)
    {
        for (int i = 0; i < polynomial.Length; i++) polynomial[i] = MontgomeryReduce(polynomial[i] * factor);
    }

    // value · R^-1 mod q within ±q, for |value| < q · 2^15.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short MontgomeryReduce(int value)
    {
        short multiple = unchecked((short)((short)value * InverseOfQ));
        return (short)((value - multiple * Q) >> 16);
    }

    // The representative within ±q/2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short BarrettReduce(short value)
    {
        int quotient = (BarrettFactor * value + (1 << 25)) >> 26;
        return (short)(value - quotient * Q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MontgomeryMultiply(Vector128<short> left, Vector128<short> right)
    {
        Vector128<short> multiple = left * right * Vector128.Create(InverseOfQ);
        return Sse2.MultiplyHigh(left, right) - Sse2.MultiplyHigh(multiple, Vector128.Create((short)Q));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> BarrettReduce(Vector128<short> value)
    {
        // The high half of the product is the quotient times 2^10; adding half before the shift rounds it.
        Vector128<short> quotient = (Sse2.MultiplyHigh(value, Vector128.Create((short)BarrettFactor)) + Vector128.Create((short)(1 << 9))) >> 10;
        return value - quotient * Vector128.Create((short)Q);
    }

    private static short[] MakeZetas()
    {
        short[] zetas = new short[N / 2];
        for (int i = 0; i < zetas.Length; i++)
        {
            int reversed = 0;
            for (int bit = 0; bit < 7; bit++) reversed |= (i >> bit & 1) << (6 - bit);

            int power = (1 << 16) % Q;
            for (int factor = 0; factor < reversed; factor++) power = power * 17 % Q;
            zetas[i] = (short)(power > Q / 2 ? power - Q : power);
        }

        return zetas;
    }
}
