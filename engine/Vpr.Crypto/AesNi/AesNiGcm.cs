using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>AES-GCM on AES-NI and PCLMULQDQ: eight blocks at a time, hashing one batch while the next is encrypted.</summary>
/// <remarks>NIST SP 800-38D §7. Nothing is allocated per call. Constant-time but for the lengths, which are public.</remarks>
internal sealed partial class AesNiGcm : AeadKey
{
    private const int Block = AesKeySchedule.BlockLength;
    private const int BatchBlocks = 8;
    private const int Batch = BatchBlocks * Block;

    // The tail of a text and the block of lengths after it are hashed together: up to nine blocks, so nine powers.
    private const int Powers = BatchBlocks + 1;
    private const int PowersAt = AesKeySchedule.MaxLength;
    private const int FoldedPowersAt = PowersAt + Powers * Block;

    // Round keys, then the powers of the hash key from the highest to the first, then the same folded. Pinned: the collector leaves no
    // copy behind.
    private readonly byte[] _keys = GC.AllocateArray<byte>(FoldedPowersAt + Powers * Block, pinned: true);
    private readonly int _rounds;

    internal AesNiGcm(ReadOnlySpan<byte> key)
    {
        _rounds = AesKeySchedule.Rounds(key.Length);
        AesKeySchedule.Expand(key, _keys);
        ref byte keys = ref MemoryMarshal.GetArrayDataReference(_keys);

        Vector128<byte> hashKey = AesKeySchedule.Encrypt(ref keys, _rounds, Vector128<byte>.Zero);
        Vector128<ulong> first = Ghash.TimesX(Ssse3.Shuffle(hashKey, Ghash.Reversal).AsUInt64()), power = first;
        for (int i = Powers - 1; i >= 0; i--)
        {
            power.AsByte().StoreUnsafe(ref keys, (nuint)(PowersAt + i * Block));
            Ghash.Fold(power).AsByte().StoreUnsafe(ref keys, (nuint)(FoldedPowersAt + i * Block));
            power = Ghash.Multiply(power, first);
        }
    }

    internal static bool IsSupported => AesKeySchedule.IsSupported && Ghash.IsSupported;

    internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        ref byte keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        ref byte start = ref MemoryMarshal.GetReference(text);
        Vector128<byte> reversal = Ghash.Reversal;
        Vector128<uint> counter = InitialCounter(nonce, reversal);
        Vector128<byte> mask = AesKeySchedule.Encrypt(ref keys, _rounds, Ssse3.Shuffle(counter.AsByte(), reversal));
        Vector128<ulong> hash = HashAssociatedData(ref keys, associatedData);

        nuint batches = (nuint)(uint)text.Length & ~(nuint)(Batch - 1);
        if (batches != 0)
        {
            EncryptBatch(ref keys, _rounds, ref start, ref counter);
            EncryptAndHashBatches(ref keys, _rounds, ref Unsafe.Add(ref start, Batch), batches - Batch, Batch, ref counter, ref hash);
            hash = HashBlocks(ref keys, hash, ref Unsafe.Add(ref start, batches - Batch), BatchBlocks);
        }

        ref byte tail = ref Unsafe.Add(ref start, batches);
        int rest = text.Length & (Batch - 1);
        EncryptTail(ref keys, _rounds, ref tail, rest, counter);
        hash = HashTail(ref keys, hash, ref tail, rest, associatedData.Length, text.Length);
        (Ssse3.Shuffle(hash.AsByte(), reversal) ^ mask).CopyTo(tag);
    }

    internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        ref byte keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        ref byte start = ref MemoryMarshal.GetReference(text);
        Vector128<byte> reversal = Ghash.Reversal;
        Vector128<uint> counter = InitialCounter(nonce, reversal);
        Vector128<byte> expected = Vector128.Create(tag) ^ AesKeySchedule.Encrypt(ref keys, _rounds, Ssse3.Shuffle(counter.AsByte(), reversal));
        Vector128<ulong> hash = HashAssociatedData(ref keys, associatedData);

        nuint batches = (nuint)(uint)text.Length & ~(nuint)(Batch - 1);
        EncryptAndHashBatches(ref keys, _rounds, ref start, batches, 0, ref counter, ref hash);

        ref byte tail = ref Unsafe.Add(ref start, batches);
        int rest = text.Length & (Batch - 1);
        hash = HashTail(ref keys, hash, ref tail, rest, associatedData.Length, text.Length);
        EncryptTail(ref keys, _rounds, ref tail, rest, counter);

        if (Ssse3.Shuffle(hash.AsByte(), reversal) == expected) return true;
        text.Clear(); // what was decrypted before the tag could be known is nobody's
        return false;
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_keys);

    // The block J0, reversed: the counter is the first lane and can be added to. SP 800-38D §7.1 step 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> InitialCounter(ReadOnlySpan<byte> nonce, Vector128<byte> reversal)
    {
        Debug.Assert(nonce.Length == Aead.NonceLength);
        ref byte at = ref MemoryMarshal.GetReference(nonce);
        Vector128<uint> block = Vector128.Create(
            Unsafe.ReadUnaligned<uint>(ref at), Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, 4)), Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, 8)), 0x0100_0000);
        return Ssse3.Shuffle(block.AsByte(), reversal).AsUInt32();
    }

    private static Vector128<ulong> HashAssociatedData(ref byte keys, ReadOnlySpan<byte> associatedData)
    {
        ref byte start = ref MemoryMarshal.GetReference(associatedData);
        Vector128<ulong> hash = Vector128<ulong>.Zero;
        int whole = associatedData.Length / Block, rest = associatedData.Length % Block, done = 0;
        while (done < whole)
        {
            int count = Math.Min(BatchBlocks, whole - done);
            hash = HashBlocks(ref keys, hash, ref Unsafe.Add(ref start, (nuint)(uint)done * Block), count);
            done += count;
        }

        if (rest == 0) return hash;
        hash ^= Reversed(PartialBlock.Load(ref Unsafe.Add(ref start, (nuint)(uint)whole * Block), rest));
        Ghash.Product last = default;
        Add(ref last, ref keys, hash, 1);
        return last.Reduce();
    }

    /// <summary>Hashes 1 to 8 whole blocks with one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector128<ulong> HashBlocks(ref byte keys, Vector128<ulong> hash, ref byte source, int count)
    {
        Ghash.Product product = default;
        for (int i = 0; i < count; i++)
        {
            Vector128<ulong> block = hash ^ Reversed(Vector128.LoadUnsafe(ref source, (nuint)(uint)i * Block));
            Add(ref product, ref keys, block, count - i);
            hash = Vector128<ulong>.Zero;
        }

        return product.Reduce();
    }

    /// <summary>Hashes the last 0 to 127 bytes of ciphertext and the block of lengths with one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector128<ulong> HashTail(ref byte keys, Vector128<ulong> hash, ref byte source, int length, int associatedLength, int textLength)
    {
        int whole = length / Block, rest = length % Block;
        int power = (length + Block - 1) / Block + 1;
        Ghash.Product product = default;
        for (int i = 0; i < whole; i++)
        {
            Add(ref product, ref keys, hash ^ Reversed(Vector128.LoadUnsafe(ref source, (nuint)(uint)i * Block)), power--);
            hash = Vector128<ulong>.Zero;
        }

        if (rest != 0)
        {
            Add(ref product, ref keys, hash ^ Reversed(PartialBlock.Load(ref Unsafe.Add(ref source, (nuint)(uint)whole * Block), rest)), power);
            hash = Vector128<ulong>.Zero;
        }

        Add(ref product, ref keys, hash ^ Vector128.Create((ulong)(uint)textLength * 8, (ulong)(uint)associatedLength * 8), 1);
        return product.Reduce();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Ghash.Product product, ref byte keys, Vector128<ulong> block, int exponent) =>
        AddAt(ref product, ref keys, block, (nuint)(uint)(Powers - exponent) * Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAt(ref Ghash.Product product, ref byte keys, Vector128<ulong> block, nuint power) => product.Add(
        block, Vector128.LoadUnsafe(ref keys, PowersAt + power).AsUInt64(), Vector128.LoadUnsafe(ref keys, FoldedPowersAt + power).AsUInt64());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reversed(Vector128<byte> block) => Ssse3.Shuffle(block, Ghash.Reversal).AsUInt64();
}
