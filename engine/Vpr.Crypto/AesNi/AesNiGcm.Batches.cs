using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace Vpr.Crypto;

// Counter mode over eight blocks at a time. An AES round takes several cycles to come back but a new one can start in every cycle:
// eight independent blocks keep the unit busy, and the products of GHASH fill the gaps. AggressiveOptimization keeps profiles out: after
// a run of small packets they would call these loops cold, and their registers would be spilled. NoInlining keeps them out of callers whose
// inlining budget is spent: there the products would become calls, at half the speed (measured by whole QUIC packets, not by the cipher alone).
internal sealed partial class AesNiGcm
{
    private static Vector128<uint> One => Vector128.Create(1u, 0, 0, 0);

    /// <summary>Encrypts one batch in place, without hashing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EncryptBatch(ref byte keys, int rounds, ref byte text, ref Vector128<uint> counter)
    {
        EightBlocks blocks = default;
        blocks.Start(ref keys, ref counter);
        for (nuint round = Block; round < (nuint)(uint)rounds * Block; round += Block) blocks.Round(Vector128.LoadUnsafe(ref keys, round));
        blocks.Finish(Vector128.LoadUnsafe(ref keys, (nuint)(uint)rounds * Block), ref text);
    }

    /// <summary>Encrypts or decrypts whole batches in place and hashes as many.</summary>
    /// <param name="keys">Round keys and powers.</param>
    /// <param name="rounds">Rounds of AES.</param>
    /// <param name="text">The first batch.</param>
    /// <param name="length">Bytes, a multiple of the batch.</param>
    /// <param name="lag">How far before the batch that is encrypted lies the one that is hashed: one batch when sealing, where the ciphertext exists only then; 0 when opening.</param>
    /// <param name="counter">The counter of the last block before; moves on.</param>
    /// <param name="hash">The hash so far; moves on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EncryptAndHashBatches(
        ref byte keys, int rounds, ref byte text, nuint length, nuint lag, ref Vector128<uint> counter, ref Vector128<ulong> hash)
    {
        Vector128<uint> current = counter;
        Vector128<ulong> sum = hash;
        for (nuint at = 0; at < length; at += Batch)
        {
            ref byte batch = ref Unsafe.Add(ref text, at);
            ref byte hashed = ref Unsafe.Subtract(ref batch, lag);
            EightBlocks blocks = default;
            Ghash.Product product = default;
            blocks.Start(ref keys, ref current);

            // Blocks 1 to 7 first: block 0 needs the reduced sum of the batch before, which takes its time.
            nuint round = Block;
            for (; round < Batch; round += Block)
            {
                blocks.Round(Vector128.LoadUnsafe(ref keys, round));
                AddAt(ref product, ref keys, Reversed(Vector128.LoadUnsafe(ref hashed, round)), Block + round);
            }

            blocks.Round(Vector128.LoadUnsafe(ref keys, round));
            AddAt(ref product, ref keys, sum ^ Reversed(Vector128.LoadUnsafe(ref hashed)), Block);
            sum = product.Reduce();

            for (round += Block; round < (nuint)(uint)rounds * Block; round += Block) blocks.Round(Vector128.LoadUnsafe(ref keys, round));
            blocks.Finish(Vector128.LoadUnsafe(ref keys, round), ref batch);
        }

        counter = current;
        hash = sum;
    }

    /// <summary>Encrypts or decrypts the last 0 to 127 bytes in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EncryptTail(ref byte keys, int rounds, ref byte text, int length, Vector128<uint> counter)
    {
        int whole = length / Block, rest = length % Block;
        nuint at = 0;
        if (whole >= 4)
        {
            EncryptFour(ref keys, rounds, ref text, ref counter);
            whole -= 4;
            at = 4 * Block;
        }

        // Up to three blocks and a part: four streams, of which those not needed are dropped.
        if (whole + rest == 0) return;
        FourBlocks blocks = default;
        blocks.Start(ref keys, ref counter);
        for (nuint round = Block; round < (nuint)(uint)rounds * Block; round += Block) blocks.Round(Vector128.LoadUnsafe(ref keys, round));
        blocks.Last(Vector128.LoadUnsafe(ref keys, (nuint)(uint)rounds * Block));
        Vector128<byte> part = blocks.First;
        if (whole > 0)
        {
            Xor(ref text, at, blocks.First);
            part = blocks.Second;
            at += Block;
        }

        if (whole > 1)
        {
            Xor(ref text, at, blocks.Second);
            part = blocks.Third;
            at += Block;
        }

        if (whole > 2)
        {
            Xor(ref text, at, blocks.Third);
            part = blocks.Fourth;
            at += Block;
        }

        if (rest == 0) return;
        ref byte end = ref Unsafe.Add(ref text, at);
        PartialBlock.Store(PartialBlock.Load(ref end, rest) ^ part, ref end, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EncryptFour(ref byte keys, int rounds, ref byte text, ref Vector128<uint> counter)
    {
        FourBlocks blocks = default;
        blocks.Start(ref keys, ref counter);
        for (nuint round = Block; round < (nuint)(uint)rounds * Block; round += Block) blocks.Round(Vector128.LoadUnsafe(ref keys, round));
        blocks.Last(Vector128.LoadUnsafe(ref keys, (nuint)(uint)rounds * Block));
        Xor(ref text, 0, blocks.First);
        Xor(ref text, Block, blocks.Second);
        Xor(ref text, 2 * Block, blocks.Third);
        Xor(ref text, 3 * Block, blocks.Fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Xor(ref byte text, nuint at, Vector128<byte> keyStream) =>
        (Vector128.LoadUnsafe(ref text, at) ^ keyStream).StoreUnsafe(ref text, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> NextCounter(ref Vector128<uint> counter, Vector128<byte> key)
    {
        counter += One;
        return Ssse3.Shuffle(counter.AsByte(), Ghash.Reversal) ^ key;
    }

    private struct FourBlocks
    {
        internal Vector128<byte> First;
        internal Vector128<byte> Second;
        internal Vector128<byte> Third;
        internal Vector128<byte> Fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Start(ref byte keys, ref Vector128<uint> counter)
        {
            Vector128<byte> key = Vector128.LoadUnsafe(ref keys);
            First = NextCounter(ref counter, key);
            Second = NextCounter(ref counter, key);
            Third = NextCounter(ref counter, key);
            Fourth = NextCounter(ref counter, key);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Round(Vector128<byte> key)
        {
            First = AesInstructions.Encrypt(First, key);
            Second = AesInstructions.Encrypt(Second, key);
            Third = AesInstructions.Encrypt(Third, key);
            Fourth = AesInstructions.Encrypt(Fourth, key);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Last(Vector128<byte> key)
        {
            First = AesInstructions.EncryptLast(First, key);
            Second = AesInstructions.EncryptLast(Second, key);
            Third = AesInstructions.EncryptLast(Third, key);
            Fourth = AesInstructions.EncryptLast(Fourth, key);
        }
    }

    private struct EightBlocks
    {
        private FourBlocks _low;
        private FourBlocks _high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Start(ref byte keys, ref Vector128<uint> counter)
        {
            _low.Start(ref keys, ref counter);
            _high.Start(ref keys, ref counter);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Round(Vector128<byte> key)
        {
            _low.Round(key);
            _high.Round(key);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Finish(Vector128<byte> key, ref byte text)
        {
            _low.Last(key);
            _high.Last(key);
            Xor(ref text, 0 * Block, _low.First);
            Xor(ref text, 1 * Block, _low.Second);
            Xor(ref text, 2 * Block, _low.Third);
            Xor(ref text, 3 * Block, _low.Fourth);
            Xor(ref text, 4 * Block, _high.First);
            Xor(ref text, 5 * Block, _high.Second);
            Xor(ref text, 6 * Block, _high.Third);
            Xor(ref text, 7 * Block, _high.Fourth);
        }
    }
}
