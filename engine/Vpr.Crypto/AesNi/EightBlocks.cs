using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace Vpr.Crypto;

/// <summary>Eight blocks on their way through AES, kept in registers.</summary>
/// <remarks>A round takes four cycles to come back but two can begin in each: eight independent blocks keep the units busy.</remarks>
internal struct EightBlocks
{
    private const int Block = AesKeySchedule.BlockLength;

    private Vector128<byte> _0;
    private Vector128<byte> _1;
    private Vector128<byte> _2;
    private Vector128<byte> _3;
    private Vector128<byte> _4;
    private Vector128<byte> _5;
    private Vector128<byte> _6;
    private Vector128<byte> _7;

    /// <summary>Eight blocks that lie side by side, with the first round key added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Load(ref byte blocks, Vector128<byte> key)
    {
        _0 = Vector128.LoadUnsafe(ref blocks) ^ key;
        _1 = Vector128.LoadUnsafe(ref blocks, 1 * Block) ^ key;
        _2 = Vector128.LoadUnsafe(ref blocks, 2 * Block) ^ key;
        _3 = Vector128.LoadUnsafe(ref blocks, 3 * Block) ^ key;
        _4 = Vector128.LoadUnsafe(ref blocks, 4 * Block) ^ key;
        _5 = Vector128.LoadUnsafe(ref blocks, 5 * Block) ^ key;
        _6 = Vector128.LoadUnsafe(ref blocks, 6 * Block) ^ key;
        _7 = Vector128.LoadUnsafe(ref blocks, 7 * Block) ^ key;
    }

    /// <summary>The next eight counter blocks, with the first round key added.</summary>
    /// <param name="counter">Moves on.</param>
    /// <param name="keys">The first round key.</param>
    /// <param name="steps">Eight blocks that are zero but for the last byte, which counts 0 to 7, and a block whose first byte is 8.</param>
    /// <remarks>
    /// The counters of a text begin at 2. So in each batch six share all bits but the lowest three, as do the last two with the first six of the
    /// next batch: one block in eight is counted, the others differ from it by an exclusive or.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(ref BatchCounter counter, ref byte keys, ref byte steps)
    {
        Vector128<byte> six = counter.Current;
        Vector128<uint> next = counter.Number + Vector128.LoadUnsafe(ref steps, 8 * Block).AsUInt32();
        counter.Number = next;
        _6 = Ssse3.Shuffle(next.AsByte(), Ghash.Reversal) ^ Vector128.LoadUnsafe(ref keys);
        counter.Current = _6;
        _0 = six ^ Vector128.LoadUnsafe(ref steps, 2 * Block);
        _1 = six ^ Vector128.LoadUnsafe(ref steps, 3 * Block);
        _2 = six ^ Vector128.LoadUnsafe(ref steps, 4 * Block);
        _3 = six ^ Vector128.LoadUnsafe(ref steps, 5 * Block);
        _4 = six ^ Vector128.LoadUnsafe(ref steps, 6 * Block);
        _5 = six ^ Vector128.LoadUnsafe(ref steps, 7 * Block);
        _7 = _6 ^ Vector128.LoadUnsafe(ref steps, 1 * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Round(Vector128<byte> key)
    {
        _0 = AesInstructions.Encrypt(_0, key);
        _1 = AesInstructions.Encrypt(_1, key);
        _2 = AesInstructions.Encrypt(_2, key);
        _3 = AesInstructions.Encrypt(_3, key);
        _4 = AesInstructions.Encrypt(_4, key);
        _5 = AesInstructions.Encrypt(_5, key);
        _6 = AesInstructions.Encrypt(_6, key);
        _7 = AesInstructions.Encrypt(_7, key);
    }

    /// <summary>A round, and one block of GHASH in between.</summary>
    /// <remarks>
    /// The order is measured. A carry-less product has a cycle of the decoder to itself: two side by side waste less of it than two with
    /// a move in between, which is why the last two operands are made ready first and the block is overwritten by its own product.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RoundAndHash(Vector128<byte> key, ref byte hashed, ref byte power, ref byte foldedPower, ref Ghash.Product product)
    {
        _0 = AesInstructions.Encrypt(_0, key);
        _1 = AesInstructions.Encrypt(_1, key);
        Vector128<ulong> block = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hashed), Ghash.Reversal).AsUInt64();
        Vector128<ulong> part = Vector128.LoadUnsafe(ref foldedPower).AsUInt64();
        Vector128<ulong> folded = Ghash.Fold(block);
        _2 = AesInstructions.Encrypt(_2, key);
        _3 = AesInstructions.Encrypt(_3, key);
        _4 = AesInstructions.Encrypt(_4, key);
        part = Pclmulqdq.CarrylessMultiply(part, folded, 0x00);
        _5 = AesInstructions.Encrypt(_5, key);
        _6 = AesInstructions.Encrypt(_6, key);
        _7 = AesInstructions.Encrypt(_7, key);
        product.Middle ^= part;
        Vector128<ulong> whole = Vector128.LoadUnsafe(ref power).AsUInt64();
        part = Pclmulqdq.CarrylessMultiply(block, whole, 0x00);
        block = Pclmulqdq.CarrylessMultiply(block, whole, 0x11);
        product.Low ^= part;
        product.High ^= block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Last(Vector128<byte> key)
    {
        _0 = AesInstructions.EncryptLast(_0, key);
        _1 = AesInstructions.EncryptLast(_1, key);
        _2 = AesInstructions.EncryptLast(_2, key);
        _3 = AesInstructions.EncryptLast(_3, key);
        _4 = AesInstructions.EncryptLast(_4, key);
        _5 = AesInstructions.EncryptLast(_5, key);
        _6 = AesInstructions.EncryptLast(_6, key);
        _7 = AesInstructions.EncryptLast(_7, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Xor(ref byte text)
    {
        (Vector128.LoadUnsafe(ref text) ^ _0).StoreUnsafe(ref text);
        (Vector128.LoadUnsafe(ref text, 1 * Block) ^ _1).StoreUnsafe(ref text, 1 * Block);
        (Vector128.LoadUnsafe(ref text, 2 * Block) ^ _2).StoreUnsafe(ref text, 2 * Block);
        (Vector128.LoadUnsafe(ref text, 3 * Block) ^ _3).StoreUnsafe(ref text, 3 * Block);
        (Vector128.LoadUnsafe(ref text, 4 * Block) ^ _4).StoreUnsafe(ref text, 4 * Block);
        (Vector128.LoadUnsafe(ref text, 5 * Block) ^ _5).StoreUnsafe(ref text, 5 * Block);
        (Vector128.LoadUnsafe(ref text, 6 * Block) ^ _6).StoreUnsafe(ref text, 6 * Block);
        (Vector128.LoadUnsafe(ref text, 7 * Block) ^ _7).StoreUnsafe(ref text, 7 * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store(ref byte blocks)
    {
        _0.StoreUnsafe(ref blocks);
        _1.StoreUnsafe(ref blocks, 1 * Block);
        _2.StoreUnsafe(ref blocks, 2 * Block);
        _3.StoreUnsafe(ref blocks, 3 * Block);
        _4.StoreUnsafe(ref blocks, 4 * Block);
        _5.StoreUnsafe(ref blocks, 5 * Block);
        _6.StoreUnsafe(ref blocks, 6 * Block);
        _7.StoreUnsafe(ref blocks, 7 * Block);
    }
}

/// <summary>Where the counter mode of one text stands.</summary>
internal struct BatchCounter
{
    /// <summary>The block of the next counter whose lowest three bits are cleared, with the first round key added.</summary>
    internal Vector128<byte> Current;

    /// <summary>The same, reversed and without the key: the counter is the first lane and can be added to.</summary>
    internal Vector128<uint> Number;
}
