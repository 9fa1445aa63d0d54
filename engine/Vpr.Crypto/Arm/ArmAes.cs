using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vpr.Crypto;

/// <summary>AES in the steps of Arm64, where a round begins with its key and the last key stands alone.</summary>
/// <remarks>FIPS 197 §5.1. Constant-time: no table is looked up.</remarks>
internal readonly struct ArmAes<T> : IAesSubstitution where T : struct, IArmCryptography
{
    private const int Block = AesKeySchedule.BlockLength;

    // All columns are the same word, so that the shift of rows changes nothing.
    public static uint SubWord(uint word) => T.Encrypt(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32().ToScalar();

    /// <summary>Encrypts one block.</summary>
    /// <param name="keys">Round keys.</param>
    /// <param name="last">Where the last of them is.</param>
    /// <param name="block">The block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Encrypt(ref byte keys, nuint last, Vector128<byte> block)
    {
        nuint round = 0;
        for (; round < last - Block; round += Block) block = T.MixColumns(T.Encrypt(block, Vector128.LoadUnsafe(ref keys, round)));
        return T.Encrypt(block, Vector128.LoadUnsafe(ref keys, round)) ^ Vector128.LoadUnsafe(ref keys, last);
    }

    /// <summary>Adds the key stream of the next four counters to 64 bytes.</summary>
    /// <param name="keys">Round keys.</param>
    /// <param name="last">Where the last of them is.</param>
    /// <param name="text">The bytes.</param>
    /// <param name="counter">The counter block before, reversed; moves on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void EncryptFour(ref byte keys, nuint last, ref byte text, ref Vector128<uint> counter)
    {
        Vector128<byte> first = Next(ref counter), second = Next(ref counter), third = Next(ref counter), fourth = Next(ref counter), key;
        nuint round = 0;
        for (; round < last - Block; round += Block)
        {
            key = Vector128.LoadUnsafe(ref keys, round);
            first = T.MixColumns(T.Encrypt(first, key));
            second = T.MixColumns(T.Encrypt(second, key));
            third = T.MixColumns(T.Encrypt(third, key));
            fourth = T.MixColumns(T.Encrypt(fourth, key));
        }

        key = Vector128.LoadUnsafe(ref keys, round);
        Vector128<byte> lastKey = Vector128.LoadUnsafe(ref keys, last);
        (Vector128.LoadUnsafe(ref text) ^ lastKey ^ T.Encrypt(first, key)).StoreUnsafe(ref text);
        (Vector128.LoadUnsafe(ref text, 1 * Block) ^ lastKey ^ T.Encrypt(second, key)).StoreUnsafe(ref text, 1 * Block);
        (Vector128.LoadUnsafe(ref text, 2 * Block) ^ lastKey ^ T.Encrypt(third, key)).StoreUnsafe(ref text, 2 * Block);
        (Vector128.LoadUnsafe(ref text, 3 * Block) ^ lastKey ^ T.Encrypt(fourth, key)).StoreUnsafe(ref text, 3 * Block);
    }

    /// <summary>The next counter block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Next(ref Vector128<uint> counter)
    {
        counter += Vector128.Create(1u, 0, 0, 0);
        return T.Reverse(counter.AsByte());
    }
}
