using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace Vpr.Crypto;

// Counter mode over eight blocks at a time, the products of GHASH between the rounds of AES. AggressiveOptimization keeps profiles out: after
// a run of small packets they would call these loops cold, and their registers would be spilled. NoInlining keeps them out of callers whose
// inlining budget is spent: there the products would become calls, at half the speed (measured by whole QUIC packets, not by the cipher alone).
internal sealed partial class AesNiGcm
{
    /// <summary>Encrypts one batch in place, without hashing, and a ninth block, which costs no time beside them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector128<byte> EncryptBatch(ref byte keys, nuint last, ref byte text, ref BatchCounter counter, Vector128<byte> ninth)
    {
        EightBlocks blocks = default;
        blocks.Count(ref counter, ref keys, ref Unsafe.Add(ref keys, StepsAt));
        Vector128<byte> key = Key(ref keys, 0);
        ninth ^= key;
        key = Key(ref keys, 1 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 2 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 3 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 4 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 5 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 6 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 7 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 8 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        key = Key(ref keys, 9 * Block);
        blocks.Round(key);
        ninth = AesInstructions.Encrypt(ninth, key);
        for (nuint round = 10 * Block; round < last; round += Block)
        {
            key = Key(ref keys, round);
            blocks.Round(key);
            ninth = AesInstructions.Encrypt(ninth, key);
        }

        key = Key(ref keys, last);
        blocks.Last(key);
        blocks.Xor(ref text);
        return AesInstructions.EncryptLast(ninth, key);
    }

    /// <summary>Encrypts or decrypts whole batches in place and hashes as many.</summary>
    /// <param name="keys">Round keys, steps and powers.</param>
    /// <param name="last">Where the last round key is.</param>
    /// <param name="text">The first batch.</param>
    /// <param name="length">Bytes, a multiple of the batch and not 0.</param>
    /// <param name="lag">How far before the batch that is encrypted lies the one that is hashed: one batch when sealing, where the ciphertext exists only then; 0 when opening.</param>
    /// <param name="power">Which power the first block is multiplied by; the others follow.</param>
    /// <param name="counter">Moves on.</param>
    /// <param name="product">What the products are added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EncryptAndHash(
        ref byte keys, nuint last, ref byte text, nuint length, nuint lag, nuint power, ref BatchCounter counter, ref Ghash.Product product)
    {
        Ghash.Product sum = product;
        ref byte powers = ref Unsafe.Add(ref keys, PowersAt + power * Block);
        ref byte folded = ref Unsafe.Add(ref powers, FoldedPowersAt - PowersAt);
        ref byte end = ref Unsafe.Add(ref text, length);
        do
        {
            ref byte hashed = ref Unsafe.Subtract(ref text, lag);
            EightBlocks blocks = default;
            blocks.Count(ref counter, ref keys, ref Unsafe.Add(ref keys, StepsAt));
            blocks.Round(Key(ref keys, 1 * Block));
            blocks.RoundAndHash(Key(ref keys, 2 * Block), ref hashed, ref powers, ref folded, ref sum);
            blocks.RoundAndHash(Key(ref keys, 3 * Block), ref At(ref hashed, 1), ref At(ref powers, 1), ref At(ref folded, 1), ref sum);
            blocks.RoundAndHash(Key(ref keys, 4 * Block), ref At(ref hashed, 2), ref At(ref powers, 2), ref At(ref folded, 2), ref sum);
            blocks.RoundAndHash(Key(ref keys, 5 * Block), ref At(ref hashed, 3), ref At(ref powers, 3), ref At(ref folded, 3), ref sum);
            blocks.RoundAndHash(Key(ref keys, 6 * Block), ref At(ref hashed, 4), ref At(ref powers, 4), ref At(ref folded, 4), ref sum);
            blocks.RoundAndHash(Key(ref keys, 7 * Block), ref At(ref hashed, 5), ref At(ref powers, 5), ref At(ref folded, 5), ref sum);
            blocks.RoundAndHash(Key(ref keys, 8 * Block), ref At(ref hashed, 6), ref At(ref powers, 6), ref At(ref folded, 6), ref sum);
            blocks.RoundAndHash(Key(ref keys, 9 * Block), ref At(ref hashed, 7), ref At(ref powers, 7), ref At(ref folded, 7), ref sum);
            for (nuint round = 10 * Block; round < last; round += Block) blocks.Round(Key(ref keys, round));
            blocks.Last(Key(ref keys, last));
            blocks.Xor(ref text);
            powers = ref Unsafe.Add(ref powers, Batch);
            folded = ref Unsafe.Add(ref folded, Batch);
            text = ref Unsafe.Add(ref text, Batch);
        }
        while (Unsafe.IsAddressLessThan(ref text, ref end));

        product = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Key(ref byte keys, nuint at) => Vector128.LoadUnsafe(ref keys, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte At(ref byte blocks, int index) => ref Unsafe.Add(ref blocks, index * Block);
}
