using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>AES-GCM on the cryptography extension of Arm64: batches of eight blocks, each hashed with one reduction.</summary>
/// <remarks>
/// NIST SP 800-38D §7. Nothing is allocated per call. Constant-time but for the lengths, which are public. What runs it on other processors is a
/// model of the instructions in the tests; on Arm64 itself it has not been measured.
/// </remarks>
internal sealed class ArmGcm<T> : AeadKey where T : struct, IArmCryptography
{
    private const int Block = AesKeySchedule.BlockLength;
    private const int BatchBlocks = 8;
    private const int Batch = BatchBlocks * Block;
    private const int PowersAt = AesKeySchedule.MaxLength;

    // Round keys, then the powers of the hash key from the highest to the first. Pinned: the collector leaves no copy behind.
    private readonly byte[] _keys = GC.AllocateArray<byte>(PowersAt + BatchBlocks * Block, pinned: true);
    private readonly nuint _last;

    internal ArmGcm(ReadOnlySpan<byte> key)
    {
        _last = (nuint)AesKeySchedule.Rounds(key.Length) * Block;
        AesKeySchedule.Expand<ArmAes<T>>(key, _keys);
        ref byte keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        Vector128<ulong> first = Ghash.TimesX(T.Reverse(ArmAes<T>.Encrypt(ref keys, _last, Vector128<byte>.Zero)).AsUInt64()), power = first;
        for (int i = BatchBlocks - 1; i >= 0; i--)
        {
            power.AsByte().StoreUnsafe(ref keys, (nuint)(PowersAt + i * Block));
            ArmGhash<T> product = default;
            product.Add(power, first);
            power = product.Reduce();
        }
    }

    internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        Vector128<uint> counter = InitialCounter(nonce);
        Vector128<byte> mask = Mask(counter);
        Vector128<ulong> hash = Hash(Vector128<ulong>.Zero, associatedData);
        for (Span<byte> rest = text; !rest.IsEmpty;)
        {
            Span<byte> batch = rest[..Math.Min(rest.Length, Batch)];
            Encrypt(batch, ref counter);
            hash = Hash(hash, batch);
            rest = rest[batch.Length..];
        }

        (Finish(hash, associatedData.Length, text.Length) ^ mask).CopyTo(tag);
    }

    internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Vector128<uint> counter = InitialCounter(nonce);
        Vector128<byte> mask = Mask(counter);
        Vector128<ulong> hash = Hash(Vector128<ulong>.Zero, associatedData);
        for (Span<byte> rest = text; !rest.IsEmpty;)
        {
            Span<byte> batch = rest[..Math.Min(rest.Length, Batch)];
            hash = Hash(hash, batch);
            Encrypt(batch, ref counter);
            rest = rest[batch.Length..];
        }

        if ((Finish(hash, associatedData.Length, text.Length) ^ mask) == Vector128.Create(tag)) return true;
        text.Clear(); // what was decrypted before the tag could be known is nobody's
        return false;
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_keys);

    // The block J0, reversed. SP 800-38D §7.1 step 2.
    private static Vector128<uint> InitialCounter(ReadOnlySpan<byte> nonce)
    {
        Span<byte> block = stackalloc byte[Block];
        nonce.CopyTo(block);
        block[Aead.NonceLength..].Clear();
        block[Block - 1] = 1;
        return T.Reverse(Vector128.Create((ReadOnlySpan<byte>)block)).AsUInt32();
    }

    private Vector128<byte> Mask(Vector128<uint> counter) =>
        ArmAes<T>.Encrypt(ref MemoryMarshal.GetArrayDataReference(_keys), _last, T.Reverse(counter.AsByte()));

    /// <summary>Encrypts or decrypts at most a batch.</summary>
    private void Encrypt(Span<byte> text, ref Vector128<uint> counter)
    {
        ref byte keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        ref byte at = ref MemoryMarshal.GetReference(text);
        int left = text.Length;
        for (; left >= 4 * Block; left -= 4 * Block)
        {
            ArmAes<T>.EncryptFour(ref keys, _last, ref at, ref counter);
            at = ref Unsafe.Add(ref at, 4 * Block);
        }

        for (; left >= Block; left -= Block)
        {
            (Vector128.LoadUnsafe(ref at) ^ ArmAes<T>.Encrypt(ref keys, _last, ArmAes<T>.Next(ref counter))).StoreUnsafe(ref at);
            at = ref Unsafe.Add(ref at, Block);
        }

        if (left == 0) return;
        Vector128<byte> keyStream = ArmAes<T>.Encrypt(ref keys, _last, ArmAes<T>.Next(ref counter));
        PartialBlock.Store(PartialBlock.Load(ref at, left) ^ keyStream, ref at, left);
    }

    /// <summary>Hashes a text padded to whole blocks, a batch at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<ulong> Hash(Vector128<ulong> hash, ReadOnlySpan<byte> source)
    {
        ref byte at = ref MemoryMarshal.GetReference(source);
        for (int left = source.Length; left > 0; left -= Batch)
        {
            int length = Math.Min(left, Batch), whole = length / Block, rest = length % Block;
            ref byte power = ref Power((length + Block - 1) / Block);
            ArmGhash<T> product = default;
            for (int i = 0; i < whole; i++)
            {
                product.Add(hash ^ T.Reverse(Vector128.LoadUnsafe(ref at)).AsUInt64(), Vector128.LoadUnsafe(ref power).AsUInt64());
                hash = Vector128<ulong>.Zero;
                at = ref Unsafe.Add(ref at, Block);
                power = ref Unsafe.Add(ref power, Block);
            }

            if (rest != 0) product.Add(hash ^ T.Reverse(PartialBlock.Load(ref at, rest)).AsUInt64(), Vector128.LoadUnsafe(ref power).AsUInt64());
            hash = product.Reduce();
        }

        return hash;
    }

    private Vector128<byte> Finish(Vector128<ulong> hash, int associatedLength, int textLength)
    {
        ArmGhash<T> product = default;
        product.Add(hash ^ Vector128.Create((ulong)(uint)textLength * 8, (ulong)(uint)associatedLength * 8), Vector128.LoadUnsafe(ref Power(1)).AsUInt64());
        return T.Reverse(product.Reduce().AsByte());
    }

    private ref byte Power(int exponent) => ref _keys[PowersAt + (BatchBlocks - exponent) * Block];
}
