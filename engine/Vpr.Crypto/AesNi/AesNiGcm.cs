using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>AES-GCM on AES-NI and PCLMULQDQ: eight blocks at a time, hashing one batch while the next is encrypted.</summary>
/// <remarks>
/// NIST SP 800-38D §7. Nothing is allocated per call. Constant-time but for the lengths, which are public.
/// <para>
/// The hash is a sum of products of blocks and powers of the hash key. There are powers enough for the longest packet, so its products are summed
/// without a reduction until the end. A longer text is cut into windows of at most <see cref="Powers"/> blocks: the sum of one is reduced and carried
/// into the next, multiplied by the power with which the next begins.
/// </para>
/// </remarks>
internal sealed partial class AesNiGcm : AeadKey
{
    private const int Block = AesKeySchedule.BlockLength;
    private const int BatchBlocks = 8;
    private const int Batch = BatchBlocks * Block;

    // A packet of 1,500 bytes has 94 blocks, its associated data and the lengths included. A multiple of the batch.
    private const int Powers = 96;

    private const int StepsAt = AesKeySchedule.MaxLength;
    private const int PowersAt = StepsAt + (BatchBlocks + 1) * Block;
    private const int FoldedPowersAt = PowersAt + Powers * Block;
    private const int CacheLine = 64;

    // Round keys; what counters differ by; the powers of the hash key from the highest to the first, then the same folded. On a cache line,
    // so that no block lies on two. Pinned: the place stays, and the collector leaves no copy behind.
    private readonly byte[] _keys = GC.AllocateArray<byte>(FoldedPowersAt + Powers * Block + CacheLine, pinned: true);
    private readonly nuint _start;
    private readonly nuint _last;

    internal AesNiGcm(ReadOnlySpan<byte> key)
    {
        _start = (nuint)(-Marshal.UnsafeAddrOfPinnedArrayElement(_keys, 0) & (CacheLine - 1));
        int rounds = AesKeySchedule.Rounds(key.Length);
        _last = (nuint)rounds * Block;
        Span<byte> expanded = _keys.AsSpan((int)_start);
        AesKeySchedule.Expand(key, expanded);
        for (int i = 0; i < BatchBlocks; i++) expanded[StepsAt + i * Block + Block - 1] = (byte)i;
        expanded[StepsAt + BatchBlocks * Block] = BatchBlocks;

        Vector128<byte> hashKey = AesKeySchedule.Encrypt(ref Keys, rounds, Vector128<byte>.Zero);
        Ghash.WritePowers(hashKey, expanded.Slice(PowersAt, Powers * Block), expanded.Slice(FoldedPowersAt, Powers * Block));
    }

    internal static bool IsSupported => AesKeySchedule.IsSupported && Ghash.IsSupported;

    private ref byte Keys
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_keys), _start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        ref byte keys = ref Keys;
        nuint last = _last;
        ref byte start = ref MemoryMarshal.GetReference(text);
        Vector128<uint> counter = InitialCounter(nonce);
        Vector128<byte> mask = Reversed(counter.AsByte()).AsByte();
        Ghash.Product product = default;
        nuint blocks = (nuint)(uint)text.Length / Batch * BatchBlocks;
        int rest = text.Length & (Batch - 1);
        nuint end = Blocks(rest) + 1;
        nuint power = HashAssociatedData(ref keys, associatedData, blocks + end, ref product);

        ref byte tail = ref start;
        nuint left = blocks;
        if (blocks != 0)
        {
            BatchCounter batches = FirstBatch(ref keys, counter);
            mask = EncryptBatch(ref keys, last, ref start, ref batches, mask);
            tail = ref Unsafe.Add(ref start, Batch);
            while (left > BatchBlocks)
            {
                if (power == Powers) power = Carry(ref keys, left, end, ref product);
                nuint count = Math.Min(left - BatchBlocks, (Powers - power) & ~(nuint)(BatchBlocks - 1));
                EncryptAndHash(ref keys, last, ref tail, count * Block, Batch, power, ref batches, ref product);
                tail = ref Unsafe.Add(ref tail, count * Block);
                power += count;
                left -= count;
            }
        }
        else
        {
            mask = AesKeySchedule.Encrypt(ref keys, (int)(last / Block), mask);
        }

        Vector128<byte> part = EncryptTail(ref keys, last, ref tail, rest, counter + Vector128.Create((uint)blocks, 0, 0, 0));
        if (left != 0)
        {
            if (power == Powers) power = Carry(ref keys, left, end, ref product);
            HashBlocks(ref keys, ref Unsafe.Subtract(ref tail, Batch), BatchBlocks, power, ref product);
            power += BatchBlocks;
        }

        if (power == Powers) Carry(ref keys, 0, end, ref product);
        HashTail(ref keys, ref tail, rest, part, associatedData.Length, text.Length, ref product);
        (Reversed(product.Reduce().AsByte()).AsByte() ^ mask).CopyTo(tag);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        ref byte keys = ref Keys;
        nuint last = _last;
        ref byte tail = ref MemoryMarshal.GetReference(text);
        Vector128<uint> counter = InitialCounter(nonce);
        Vector128<byte> mask = AesKeySchedule.Encrypt(ref keys, (int)(last / Block), Reversed(counter.AsByte()).AsByte());
        Ghash.Product product = default;
        nuint blocks = (nuint)(uint)text.Length / Batch * BatchBlocks;
        int rest = text.Length & (Batch - 1);
        nuint end = Blocks(rest) + 1;
        nuint power = HashAssociatedData(ref keys, associatedData, blocks + end, ref product);

        nuint left = blocks;
        if (blocks != 0)
        {
            BatchCounter batches = FirstBatch(ref keys, counter);
            while (left != 0)
            {
                if (power == Powers) power = Carry(ref keys, left, end, ref product);
                nuint count = Math.Min(left, (Powers - power) & ~(nuint)(BatchBlocks - 1));
                EncryptAndHash(ref keys, last, ref tail, count * Block, 0, power, ref batches, ref product);
                tail = ref Unsafe.Add(ref tail, count * Block);
                power += count;
                left -= count;
            }
        }

        if (power == Powers) Carry(ref keys, 0, end, ref product);
        int whole = rest & -Block;
        Vector128<byte> part = whole != rest ? PartialBlock.Load(ref Unsafe.Add(ref tail, whole), rest - whole) : default;
        HashTail(ref keys, ref tail, rest, part, associatedData.Length, text.Length, ref product);
        EncryptTail(ref keys, last, ref tail, rest, counter + Vector128.Create((uint)blocks, 0, 0, 0));

        if ((Reversed(product.Reduce().AsByte()).AsByte() ^ mask) == Vector128.Create(tag)) return true;
        text.Clear(); // what was decrypted before the tag could be known is nobody's
        return false;
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_keys);

    private static nuint Blocks(int length) => ((nuint)(uint)length + Block - 1) / Block;

    // The block J0, reversed: the counter is the first lane and can be added to. SP 800-38D §7.1 step 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> InitialCounter(ReadOnlySpan<byte> nonce)
    {
        Debug.Assert(nonce.Length == Aead.NonceLength);
        ref byte at = ref MemoryMarshal.GetReference(nonce);
        Vector128<uint> block = Vector128.Create(
            Unsafe.ReadUnaligned<uint>(ref at), Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, 4)), Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, 8)), 0x0100_0000);
        return Reversed(block.AsByte()).AsUInt32();
    }

    // J0's counter is 1: without its lowest bit it is the one whose lowest three are cleared.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BatchCounter FirstBatch(ref byte keys, Vector128<uint> initial)
    {
        Vector128<uint> number = initial ^ Vector128.Create(1u, 0, 0, 0);
        return new BatchCounter { Number = number, Current = Reversed(number.AsByte()).AsByte() ^ Key(ref keys, 0) };
    }

    /// <summary>Adds the associated data, padded to whole blocks, to an empty product.</summary>
    /// <param name="keys">The powers.</param>
    /// <param name="source">The data.</param>
    /// <param name="after">Blocks that are hashed after it.</param>
    /// <param name="product">The product.</param>
    /// <returns>The power that the first block after it is multiplied by; <see cref="Powers"/> when it must be carried first.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static nuint HashAssociatedData(ref byte keys, ReadOnlySpan<byte> source, nuint after, ref Ghash.Product product)
    {
        nuint left = Blocks(source.Length), power = FirstPower(left, after);
        int rest = source.Length % Block;
        ref byte at = ref MemoryMarshal.GetReference(source);
        Ghash.Product sum = default;
        for (; left != 0; left--, power++)
        {
            if (power == Powers)
            {
                Ghash.Product window = sum;
                power = Carry(ref keys, left, after, ref window);
                sum = window;
            }

            Vector128<byte> block = left == 1 && rest != 0 ? PartialBlock.Load(ref at, rest) : Key(ref at, 0);
            Add(ref sum, Reversed(block), ref Unsafe.Add(ref keys, PowersAt + power * Block));
            at = ref Unsafe.Add(ref at, Block);
        }

        product = sum;
        return power;
    }

    /// <summary>Begins the next window: reduces the sum of the last and carries it over.</summary>
    /// <param name="keys">The powers.</param>
    /// <param name="blocks">Blocks of data, or of whole batches of text, that are still to be hashed.</param>
    /// <param name="after">Blocks after those.</param>
    /// <param name="product">The sum.</param>
    /// <returns>The power the window begins with.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Carry(ref byte keys, nuint blocks, nuint after, ref Ghash.Product product)
    {
        nuint power = FirstPower(blocks, after);
        Vector128<ulong> sum = product.Reduce();
        product = default;
        Add(ref product, sum, ref Unsafe.Add(ref keys, PowersAt + power * Block));
        return power;
    }

    // All that is left, if there are powers enough; otherwise the window ends with the blocks that go together, or before.
    private static nuint FirstPower(nuint blocks, nuint after) =>
        blocks + after <= Powers ? Powers - (blocks + after) : Powers - Math.Min(blocks, Powers);
}
