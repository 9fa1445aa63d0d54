using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace Vpr.Crypto;

/// <summary>Four blocks of key stream, made side by side.</summary>
internal struct FourBlocks
{
    private const int Block = AesKeySchedule.BlockLength;

    internal Vector128<byte> First;
    internal Vector128<byte> Second;
    internal Vector128<byte> Third;
    internal Vector128<byte> Fourth;

    /// <summary>Encrypts the next four counter blocks.</summary>
    /// <param name="keys">Round keys.</param>
    /// <param name="last">Where the last of them is.</param>
    /// <param name="counter">The counter block before, reversed; moves on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Encrypt(ref byte keys, nuint last, ref Vector128<uint> counter)
    {
        Vector128<byte> key = Vector128.LoadUnsafe(ref keys);
        First = Next(ref counter) ^ key;
        Second = Next(ref counter) ^ key;
        Third = Next(ref counter) ^ key;
        Fourth = Next(ref counter) ^ key;
        Round(Vector128.LoadUnsafe(ref keys, 1 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 2 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 3 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 4 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 5 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 6 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 7 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 8 * Block));
        Round(Vector128.LoadUnsafe(ref keys, 9 * Block));
        for (nuint round = 10 * Block; round < last; round += Block) Round(Vector128.LoadUnsafe(ref keys, round));
        key = Vector128.LoadUnsafe(ref keys, last);
        First = AesInstructions.EncryptLast(First, key);
        Second = AesInstructions.EncryptLast(Second, key);
        Third = AesInstructions.EncryptLast(Third, key);
        Fourth = AesInstructions.EncryptLast(Fourth, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Round(Vector128<byte> key)
    {
        First = AesInstructions.Encrypt(First, key);
        Second = AesInstructions.Encrypt(Second, key);
        Third = AesInstructions.Encrypt(Third, key);
        Fourth = AesInstructions.Encrypt(Fourth, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Next(ref Vector128<uint> counter)
    {
        counter += Vector128.Create(1u, 0, 0, 0);
        return Ssse3.Shuffle(counter.AsByte(), Ghash.Reversal);
    }
}
