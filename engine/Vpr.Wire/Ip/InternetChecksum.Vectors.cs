using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Wire.Ip;

/// <content>The sum itself, of 64-bit words as they lie in memory.</content>
/// <remarks>
/// Two sums are kept in each lane: of the words, which overflows, and of their upper halves, which does not. What the upper halves are worth is
/// taken from the first in the end, and the sum of the lower halves is left, exact again: an instruction less than to part the halves of each.
/// The 256-bit instructions are named because native binaries ask the processor for them then; the vectors' operators are emulated there.
/// </remarks>
public static partial class InternetChecksum
{
    private const int VectorSize = 16;
    private const int PairSize = 2 * VectorSize;

    /// <summary>Adds whole pairs of vectors at the beginning of a block.</summary>
    /// <returns>How many bytes these are.</returns>
    private static int AddVectors(ref ulong partial, ReadOnlySpan<byte> data) =>
        SumVectors(ref partial, data, ref Unsafe.NullRef<byte>(), copies: false);

    /// <summary>As <see cref="AddVectors"/>, and copies these bytes.</summary>
    private static int CopyVectors(ref ulong partial, ReadOnlySpan<byte> data, Span<byte> copy) =>
        SumVectors(ref partial, data, ref MemoryMarshal.GetReference(copy), copies: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each of the two, where `copies` is constant
    private static int SumVectors(ref ulong partial, ReadOnlySpan<byte> data, ref byte copy, bool copies)
    {
        ref byte source = ref MemoryMarshal.GetReference(data);
        nuint length = (nuint)(uint)data.Length & ~(nuint)(PairSize - 1), at = 0;
        if (length == 0 || !Vector128.IsHardwareAccelerated) return 0;
        if (Avx2.IsSupported)
        {
            Vector256<ulong> words = default, upper = default;
            for (; at < length; at += PairSize)
            {
                Vector256<ulong> pair = Vector256.LoadUnsafe(ref source, at).AsUInt64();
                if (copies) pair.AsByte().StoreUnsafe(ref copy, at);
                words = Avx2.Add(words, pair);
                upper = Avx2.Add(upper, Avx2.ShiftRightLogical(pair, 32));
            }

            AddHalves(ref partial, words.GetLower(), upper.GetLower());
            AddHalves(ref partial, words.GetUpper(), upper.GetUpper());
        }
        else
        {
            Vector128<ulong> words = default, upper = default;
            for (; at < length; at += PairSize)
            {
                Vector128<ulong> first = Vector128.LoadUnsafe(ref source, at).AsUInt64(), second = Vector128.LoadUnsafe(ref source, at + VectorSize).AsUInt64();
                if (copies)
                {
                    first.AsByte().StoreUnsafe(ref copy, at);
                    second.AsByte().StoreUnsafe(ref copy, at + VectorSize);
                }

                words += first + second;
                upper += Vector128.ShiftRightLogical(first, 32) + Vector128.ShiftRightLogical(second, 32);
            }

            AddHalves(ref partial, words, upper);
        }

        return (int)length;
    }

    private static void AddHalves(ref ulong partial, Vector128<ulong> words, Vector128<ulong> upper) =>
        partial += Vector128.Sum(upper) + Vector128.Sum(words - Vector128.ShiftLeft(upper, 32));

    private static ulong AddWords(ulong partial, ReadOnlySpan<byte> data)
    {
        ulong sum = partial;
        while (data.Length >= 8)
        {
            ulong words = MemoryMarshal.Read<ulong>(data);
            sum += (words & uint.MaxValue) + (words >> 32);
            data = data[8..];
        }
        if (data.Length >= 4)
        {
            sum += MemoryMarshal.Read<uint>(data);
            data = data[4..];
        }
        if (data.Length >= 2)
        {
            sum += MemoryMarshal.Read<ushort>(data);
            data = data[2..];
        }
        if (!data.IsEmpty)
            sum += BitConverter.IsLittleEndian ? data[0] : (uint)data[0] << 8;
        return sum;
    }
}
