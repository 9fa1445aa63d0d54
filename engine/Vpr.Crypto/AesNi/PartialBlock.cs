using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vpr.Crypto;

/// <summary>The last bytes of a text, 1 to 15, as a block padded with zeros; nothing beyond them is touched.</summary>
internal static class PartialBlock
{
    private const int Length = 16;

    private static ReadOnlySpan<byte> Kept =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];

    /// <summary>Reads two overlapping pieces instead of single bytes; what they share is the same in both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Load(ref byte source, int length)
    {
        ulong low, high = 0;
        if (length >= 8)
        {
            low = Unsafe.ReadUnaligned<ulong>(ref source);
            ulong end = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, length - 8));
            high = end >> 8 >> 8 * (15 - length); // in two steps, because all 64 bits go when the length is 8
        }
        else if (length >= 4)
        {
            ulong end = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, length - 4));
            low = Unsafe.ReadUnaligned<uint>(ref source) | end << 8 * (length - 4);
        }
        else
        {
            int middle = length / 2, last = length - 1;
            low = source | (ulong)Unsafe.Add(ref source, middle) << 8 * middle | (ulong)Unsafe.Add(ref source, last) << 8 * last;
        }

        return Vector128.Create(low, high).AsByte();
    }

    /// <summary>Writes the first bytes of a block, in two overlapping pieces too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector128<byte> block, ref byte destination, int length)
    {
        ulong low = block.AsUInt64().GetElement(0), high = block.AsUInt64().GetElement(1);
        if (length >= 8)
        {
            ulong end = length == 8 ? low : low >> 8 * (length - 8) | high << 8 * (16 - length);
            Unsafe.WriteUnaligned(ref destination, low);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, length - 8), end);
        }
        else if (length >= 4)
        {
            Unsafe.WriteUnaligned(ref destination, (uint)low);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, length - 4), (uint)(low >> 8 * (length - 4)));
        }
        else
        {
            int middle = length / 2, last = length - 1;
            destination = (byte)low;
            Unsafe.Add(ref destination, middle) = (byte)(low >> 8 * middle);
            Unsafe.Add(ref destination, last) = (byte)(low >> 8 * last);
        }
    }

    /// <summary>Zeros behind the first bytes of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Clear(Vector128<byte> block, int length) =>
        block & Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Kept), (nuint)(uint)(Length - length));
}
