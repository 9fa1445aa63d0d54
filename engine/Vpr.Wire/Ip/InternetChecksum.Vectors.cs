using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vpr.Wire.Ip;

/// <content>The sum itself. The even and the odd 32-bit words of a vector are added apart, each in 64 bits: no carry can be lost.</content>
/// <remarks>
/// Vectors of 128 bits, two at a time, are as fast as longer ones here, and what native binaries may rely on without asking the processor.
/// The shift is a method's because the operator is emulated where binaries are compiled for the oldest processors.
/// </remarks>
public static partial class InternetChecksum
{
    private const int VectorSize = 16;
    private const int PairSize = 2 * VectorSize;

    /// <summary>Adds the whole pairs of vectors at the beginning of a block.</summary>
    /// <returns>How many bytes these are.</returns>
    private static int AddVectors(ref ulong partial, ReadOnlySpan<byte> data)
    {
        if (data.Length < PairSize || !Vector128.IsHardwareAccelerated) return 0;
        int length = data.Length & -PairSize;
        ref byte source = ref MemoryMarshal.GetReference(data);
        Vector128<ulong> mask = Vector128.Create((ulong)uint.MaxValue), even = Vector128<ulong>.Zero, odd = Vector128<ulong>.Zero;
        for (nuint at = 0; at < (nuint)(uint)length; at += PairSize)
        {
            Vector128<ulong> first = Vector128.LoadUnsafe(ref source, at).AsUInt64();
            Vector128<ulong> second = Vector128.LoadUnsafe(ref source, at + VectorSize).AsUInt64();
            even += (first & mask) + (second & mask);
            odd += Vector128.ShiftRightLogical(first, 32) + Vector128.ShiftRightLogical(second, 32);
        }

        partial += Vector128.Sum(even + odd);
        return length;
    }

    /// <summary>As <see cref="AddVectors"/>, and copies these bytes.</summary>
    private static int CopyVectors(ref ulong partial, ReadOnlySpan<byte> data, Span<byte> copy)
    {
        if (data.Length < PairSize || !Vector128.IsHardwareAccelerated) return 0;
        int length = data.Length & -PairSize;
        ref byte source = ref MemoryMarshal.GetReference(data);
        ref byte destination = ref MemoryMarshal.GetReference(copy);
        Vector128<ulong> mask = Vector128.Create((ulong)uint.MaxValue), even = Vector128<ulong>.Zero, odd = Vector128<ulong>.Zero;
        for (nuint at = 0; at < (nuint)(uint)length; at += PairSize)
        {
            Vector128<ulong> first = Vector128.LoadUnsafe(ref source, at).AsUInt64();
            Vector128<ulong> second = Vector128.LoadUnsafe(ref source, at + VectorSize).AsUInt64();
            first.AsByte().StoreUnsafe(ref destination, at);
            second.AsByte().StoreUnsafe(ref destination, at + VectorSize);
            even += (first & mask) + (second & mask);
            odd += Vector128.ShiftRightLogical(first, 32) + Vector128.ShiftRightLogical(second, 32);
        }

        partial += Vector128.Sum(even + odd);
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
