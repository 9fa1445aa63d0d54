using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Crypto;

/// <summary>Multiplication in the field of GHASH by carry-less products.</summary>
/// <remarks>
/// NIST SP 800-38D §6.3. Blocks are kept with their bytes reversed, so that the field's bit order is the processor's. In that order a
/// product comes out one bit too low; powers of the hash key are therefore kept times x. Reduction folds the low half twice by the
/// reversed polynomial, and is linear: the products of many blocks are summed first and reduced once. Constant-time.
/// </remarks>
internal static class Ghash
{
    // x^127 + x^126 + x^121, the upper half of the reversed polynomial.
    internal const ulong Polynomial = 0xc200_0000_0000_0000;

    internal static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    /// <summary>The shuffle that reverses a block.</summary>
    internal static Vector128<byte> Reversal => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <summary>The hash key, reversed, times x.</summary>
    internal static Vector128<ulong> TimesX(Vector128<ulong> key)
    {
        ulong low = key.GetElement(0), high = key.GetElement(1), carry = high >> 63;
        return Vector128.Create(low << 1 ^ carry, high << 1 ^ low >> 63 ^ (0 - carry & Polynomial));
    }

    /// <summary>The sum of the halves, in both halves: what the middle product of a power needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> Fold(Vector128<ulong> value) => value ^ SwapHalves(value);

    /// <summary>The product of a sum and a power of the key (or of two powers, which is again one).</summary>
    internal static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> power)
    {
        Product product = default;
        product.Add(left, power, Fold(power));
        return product.Reduce();
    }

    /// <summary>Writes powers of the hash key as they are multiplied by, 16 bytes each, from the highest to the first.</summary>
    /// <param name="hashKey">What a block of zeros is encrypted to.</param>
    /// <param name="powers">As many as there is room for.</param>
    /// <param name="foldedPowers">The same, folded.</param>
    internal static void WritePowers(Vector128<byte> hashKey, Span<byte> powers, Span<byte> foldedPowers)
    {
        Vector128<ulong> first = TimesX(Ssse3.Shuffle(hashKey, Reversal).AsUInt64()), power = first;
        for (int at = powers.Length - Vector128<byte>.Count; at >= 0; at -= Vector128<byte>.Count)
        {
            power.AsByte().CopyTo(powers[at..]);
            Fold(power).AsByte().CopyTo(foldedPowers[at..]);
            power = Multiply(power, first);
        }
    }

    /// <summary>An unreduced sum of products, each by three carry-less ones: the middle is had from the sums of the halves (Karatsuba).</summary>
    internal struct Product
    {
        internal Vector128<ulong> Low;
        internal Vector128<ulong> Middle;
        internal Vector128<ulong> High;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Add(Vector128<ulong> block, Vector128<ulong> power, Vector128<ulong> foldedPower)
        {
            Vector128<ulong> middle = Pclmulqdq.CarrylessMultiply(foldedPower, Fold(block), 0x00);
            Vector128<ulong> low = Pclmulqdq.CarrylessMultiply(block, power, 0x00);
            block = Pclmulqdq.CarrylessMultiply(block, power, 0x11);
            Middle ^= middle;
            Low ^= low;
            High ^= block;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal readonly Vector128<ulong> Reduce()
        {
            Vector128<ulong> polynomial = Vector128.Create(0, Polynomial);
            Vector128<ulong> middle = Middle ^ Low ^ High ^ SwapHalves(Low) ^ Pclmulqdq.CarrylessMultiply(Low, polynomial, 0x10);
            return High ^ SwapHalves(middle) ^ Pclmulqdq.CarrylessMultiply(middle, polynomial, 0x10);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SwapHalves(Vector128<ulong> value) => Sse2.Shuffle(value.AsUInt32(), 0b01_00_11_10).AsUInt64();
}
