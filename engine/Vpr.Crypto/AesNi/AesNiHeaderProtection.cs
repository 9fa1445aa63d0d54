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

    public override void Dispose() => CryptographicOperations.ZeroMemory(_roundKeys);
}
