using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Crypto;

// What is left of a text when its whole batches are done: 0 to 127 bytes.
internal sealed partial class AesNiGcm
{
    /// <summary>Encrypts or decrypts the last 0 to 127 bytes in place.</summary>
    /// <param name="keys">Round keys.</param>
    /// <param name="last">Where the last round key is.</param>
    /// <param name="text">The bytes.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="counter">The counter block before theirs, reversed.</param>
    /// <returns>The result's last block, if it is not whole, padded with zeros.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector128<byte> EncryptTail(ref byte keys, nuint last, ref byte text, int length, Vector128<uint> counter)
    {
        int whole = length / Block, rest = length % Block;
        if (whole >= 4)
        {
            FourBlocks four = default;
            four.Encrypt(ref keys, last, ref counter);
            Xor(ref text, four.First);
            Xor(ref At(ref text, 1), four.Second);
            Xor(ref At(ref text, 2), four.Third);
            Xor(ref At(ref text, 3), four.Fourth);
            text = ref At(ref text, 4);
            whole -= 4;
        }

        // Up to three blocks and a part: four streams, of which those not needed are dropped.
        if (whole + rest == 0) return default;
        FourBlocks blocks = default;
        blocks.Encrypt(ref keys, last, ref counter);
        Vector128<byte> part = blocks.First;
        if (whole > 0)
        {
            Xor(ref text, blocks.First);
            part = blocks.Second;
        }

        if (whole > 1)
        {
            Xor(ref At(ref text, 1), blocks.Second);
            part = blocks.Third;
        }

        if (whole > 2)
        {
            Xor(ref At(ref text, 2), blocks.Third);
            part = blocks.Fourth;
        }

        if (rest == 0) return default;
        ref byte end = ref At(ref text, whole);
        part ^= PartialBlock.Load(ref end, rest);
        PartialBlock.Store(part, ref end, rest);
        return PartialBlock.Clear(part, rest);
    }

    /// <summary>Adds whole blocks to a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void HashBlocks(ref byte keys, ref byte source, nuint count, nuint power, ref Ghash.Product product)
    {
        Ghash.Product sum = product;
        ref byte powers = ref Unsafe.Add(ref keys, PowersAt + power * Block);
        nuint at = 0, end = count * Block;
        for (; at < end; at += Block) Add(ref sum, Reversed(Key(ref source, at)), ref Unsafe.Add(ref powers, at));
        product = sum;
    }

    /// <summary>Adds the last 0 to 127 bytes of ciphertext and the block of lengths to a product, with the lowest powers.</summary>
    /// <param name="keys">The powers.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="part">Their last block, if it is not whole, padded with zeros.</param>
    /// <param name="associatedLength">Bytes of associated data.</param>
    /// <param name="textLength">Bytes of the whole text.</param>
    /// <param name="product">The product.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void HashTail(ref byte keys, ref byte source, int length, Vector128<byte> part, int associatedLength, int textLength, ref Ghash.Product product)
    {
        int whole = length / Block, rest = length % Block;
        Ghash.Product sum = product;
        ref byte powers = ref Unsafe.Add(ref keys, PowersAt + (Powers - 1 - Blocks(length)) * Block);
        for (int i = 0; i < whole; i++)
        {
            Add(ref sum, Reversed(Key(ref source, 0)), ref powers);
            source = ref At(ref source, 1);
            powers = ref At(ref powers, 1);
        }

        if (rest != 0)
        {
            Add(ref sum, Reversed(part), ref powers);
            powers = ref At(ref powers, 1);
        }

        Add(ref sum, Vector128.Create((ulong)(uint)textLength * 8, (ulong)(uint)associatedLength * 8), ref powers);
        product = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Ghash.Product product, Vector128<ulong> block, ref byte power) =>
        product.Add(block, Key(ref power, 0).AsUInt64(), Key(ref power, FoldedPowersAt - PowersAt).AsUInt64());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Xor(ref byte text, Vector128<byte> keyStream) => (Vector128.LoadUnsafe(ref text) ^ keyStream).StoreUnsafe(ref text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reversed(Vector128<byte> block) => Ssse3.Shuffle(block, Ghash.Reversal).AsUInt64();
}
