using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The first bytes of the sample encrypted as one AES block, by the processor's own instructions.</summary>
/// <remarks>RFC 9001 §5.4.3</remarks>
internal sealed class AesNiHeaderProtection : HeaderProtectionKey
{
    private const int Block = AesKeySchedule.BlockLength;
    private const int Batch = 8 * Block;

    private readonly byte[] _roundKeys = GC.AllocateArray<byte>(AesKeySchedule.MaxLength, pinned: true);
    private readonly int _rounds;

    internal AesNiHeaderProtection(ReadOnlySpan<byte> key)
    {
        _rounds = AesKeySchedule.Rounds(key.Length);
        AesKeySchedule.Expand(key, _roundKeys);
    }

    internal static bool IsSupported => AesKeySchedule.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void MaskCore(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Vector128<byte> block = AesKeySchedule.Encrypt(ref MemoryMarshal.GetArrayDataReference(_roundKeys), _rounds, Vector128.Create(sample));
        ulong first = block.AsUInt64().ToScalar();
        BinaryPrimitives.WriteUInt32LittleEndian(mask, (uint)first);
        mask[4] = (byte)(first >> 32);
    }

    /// <summary>Eight at a time: they take as long as two one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void MaskBatchCore(Span<byte> samples)
    {
        ref byte keys = ref MemoryMarshal.GetArrayDataReference(_roundKeys);
        nuint last = (nuint)(uint)_rounds * Block;
        int at = 0;
        for (; at <= samples.Length - Batch; at += Batch)
        {
            ref byte batch = ref samples[at];
            EightBlocks blocks = default;
            blocks.Load(ref batch, Vector128.LoadUnsafe(ref keys));
            for (nuint round = Block; round < last; round += Block) blocks.Round(Vector128.LoadUnsafe(ref keys, round));
            blocks.Last(Vector128.LoadUnsafe(ref keys, last));
            blocks.Store(ref batch);
        }

        for (; at < samples.Length; at += Block)
        {
            ref byte sample = ref samples[at];
            AesKeySchedule.Encrypt(ref keys, _rounds, Vector128.LoadUnsafe(ref sample)).StoreUnsafe(ref sample);
        }
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_roundKeys);
}
