using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vpr.Wire.Ip;

/// <content>The sum itself, of 64-bit words as they lie in memory.</content>
/// <remarks>
/// Two sums are kept in each lane: of the words, which overflows, and of their upper halves, which does not. What the upper halves are worth is
/// taken from the first in the end, and the sum of the lower halves is left, exact again: an instruction less than to part the halves of each.
/// Vectors of 128 bits, two at a time, are what native binaries may rely on without asking the processor. The shift is a method's because the
/// operator is emulated where binaries are compiled for the oldest processors.
/// </remarks>
public static partial class InternetChecksum
{
    private const int VectorSize = 16;
    private const int PairSize = 2 * VectorSize;

    /// <summary>Adds the whole pairs of vectors at the beginning of a block.</summary>
    /// <returns>How many bytes these are.</returns>
    private static int AddVectors(ref ulong partial, ReadOnlySpan<byte> data) =>
        SumVectors(ref partial, data, ref Unsafe.NullRef<byte>(), copies: false);

    /// <summary>As <see cref="AddVectors"/>, and copies these bytes.</summary>
    private static int CopyVectors(ref ulong partial, ReadOnlySpan<byte> data, Span<byte> copy) =>
        SumVectors(ref partial, data, ref MemoryMarshal.GetReference(copy), copies: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each of the two, where `copies` is constant
    private static int SumVectors(ref ulong partial, ReadOnlySpan<byte> data, ref byte copy, bool copies)
    {
        if (data.Length < PairSize || !Vector128.IsHardwareAccelerated) return 0;
        int length = data.Length & -PairSize;
        ref byte source = ref MemoryMarshal.GetReference(data);
        Vector128<ulong> words = Vector128<ulong>.Zero, upper = Vector128<ulong>.Zero;
        for (nuint at = 0; at < (nuint)(uint)length; at += PairSize)
        {
            Vector128<ulong> first = Vector128.LoadUnsafe(ref source, at).AsUInt64();
            Vector128<ulong> second = Vector128.LoadUnsafe(ref source, at + VectorSize).AsUInt64();
            if (copies)
            {
                first.AsByte().StoreUnsafe(ref copy, at);
                second.AsByte().StoreUnsafe(ref copy, at + VectorSize);
            }

            words += first + second;
            upper += Vector128.ShiftRightLogical(first, 32) + Vector128.ShiftRightLogical(second, 32);
        }

        partial += Vector128.Sum(upper) + Vector128.Sum(words - Vector128.ShiftLeft(upper, 32));
        return length;
    }

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
