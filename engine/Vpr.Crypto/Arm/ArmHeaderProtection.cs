using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The first bytes of the sample encrypted as one AES block, by the cryptography extension of Arm64.</summary>
/// <remarks>RFC 9001 §5.4.3</remarks>
internal sealed class ArmHeaderProtection<T> : HeaderProtectionKey where T : struct, IArmCryptography
{
    private readonly byte[] _roundKeys = GC.AllocateArray<byte>(AesKeySchedule.MaxLength, pinned: true);
    private readonly nuint _last;

    internal ArmHeaderProtection(ReadOnlySpan<byte> key)
    {
        _last = (nuint)(AesKeySchedule.Rounds(key.Length) * AesKeySchedule.BlockLength);
        AesKeySchedule.Expand<ArmAes<T>>(key, _roundKeys);
    }

    internal override void MaskCore(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Span<byte> block = stackalloc byte[HeaderProtection.SampleLength];
        ArmAes<T>.Encrypt(ref MemoryMarshal.GetArrayDataReference(_roundKeys), _last, Vector128.Create(sample)).CopyTo(block);
        block[..HeaderProtection.MaskLength].CopyTo(mask);
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_roundKeys);
}
