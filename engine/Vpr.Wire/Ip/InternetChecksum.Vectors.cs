using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Wire.Ip;

/// <content>The sum itself. The even and the odd 32-bit words of a vector are added apart, each in 64 bits: no carry can be lost.</content>
public static partial class InternetChecksum
{
    private const int LongVector = 32;
    private const int ShortVector = 16;

    // Below this the sum of a vector's lanes costs more than it saves.
    private const int FewWords = 64;

    /// <summary>Adds the whole vectors at the beginning of a block.</summary>
    /// <returns>How many bytes these are.</returns>
    private static int AddVectors(ref ulong partial, ReadOnlySpan<byte> data)
    {
        if (data.Length < FewWords || !Vector128.IsHardwareAccelerated) return 0;
        ref byte source = ref MemoryMarshal.GetReference(data);
        // Named instructions: ahead of time Vector256 is compiled for processors without them.
        if (Avx2.IsSupported)
        {
            int length = data.Length & -LongVector;
            Vector256<ulong> mask = Vector256.Create((ulong)uint.MaxValue), even = Vector256<ulong>.Zero, odd = Vector256<ulong>.Zero;
            for (nuint at = 0; at < (nuint)(uint)length; at += LongVector)
            {
                Vector256<ulong> block = Unsafe.ReadUnaligned<Vector256<ulong>>(ref Unsafe.Add(ref source, at));
                even = Avx2.Add(even, Avx2.And(block, mask));
                odd = Avx2.Add(odd, Avx2.ShiftRightLogical(block, 32));
            }

            partial += Sum(Avx2.Add(even, odd));
            return length;
        }
        else
        {
            int length = data.Length & -ShortVector;
            Vector128<ulong> mask = Vector128.Create((ulong)uint.MaxValue), even = Vector128<ulong>.Zero, odd = Vector128<ulong>.Zero;
            for (nuint at = 0; at < (nuint)(uint)length; at += ShortVector)
            {
                Vector128<ulong> block = Vector128.LoadUnsafe(ref source, at).AsUInt64();
                even += block & mask;
                odd += block >> 32;
            }

            partial += Vector128.Sum(even + odd);
            return length;
        }
    }

    /// <summary>As <see cref="AddVectors"/>, and copies these bytes.</summary>
    private static int CopyVectors(ref ulong partial, ReadOnlySpan<byte> data, Span<byte> copy)
    {
        if (data.Length < FewWords || !Vector128.IsHardwareAccelerated) return 0;
        ref byte source = ref MemoryMarshal.GetReference(data);
        ref byte destination = ref MemoryMarshal.GetReference(copy);
        if (Avx2.IsSupported)
        {
            int length = data.Length & -LongVector;
            Vector256<ulong> mask = Vector256.Create((ulong)uint.MaxValue), even = Vector256<ulong>.Zero, odd = Vector256<ulong>.Zero;
            for (nuint at = 0; at < (nuint)(uint)length; at += LongVector)
            {
                Vector256<ulong> block = Unsafe.ReadUnaligned<Vector256<ulong>>(ref Unsafe.Add(ref source, at));
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, at), block);
                even = Avx2.Add(even, Avx2.And(block, mask));
                odd = Avx2.Add(odd, Avx2.ShiftRightLogical(block, 32));
            }

            partial += Sum(Avx2.Add(even, odd));
            return length;
        }
        else
        {
            int length = data.Length & -ShortVector;
            Vector128<ulong> mask = Vector128.Create((ulong)uint.MaxValue), even = Vector128<ulong>.Zero, odd = Vector128<ulong>.Zero;
            for (nuint at = 0; at < (nuint)(uint)length; at += ShortVector)
            {
                Vector128<ulong> block = Vector128.LoadUnsafe(ref source, at).AsUInt64();
                block.AsByte().StoreUnsafe(ref destination, at);
                even += block & mask;
                odd += block >> 32;
            }

            partial += Vector128.Sum(even + odd);
            return length;
        }
    }

    private static ulong Sum(Vector256<ulong> lanes)
    {
        Vector128<ulong> halves = Sse2.Add(lanes.GetLower(), lanes.GetUpper());
        return halves.ToScalar() + halves.GetElement(1);
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
