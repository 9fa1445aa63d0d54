using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Vpr.Interop.Vaes;

namespace Vpr.Crypto;

/// <summary>AES-GCM by 256-bit instructions, which .NET does not offer yet: the key is expanded here, the text is C's.</summary>
/// <remarks>NIST SP 800-38D §7.</remarks>
internal sealed class VaesGcm : AeadKey
{
    private const int PowersLength = VaesGcmNative.PowerCount * VaesGcmNative.BlockLength;

    private readonly VaesGcmNative _native;

    internal VaesGcm(ReadOnlySpan<byte> key)
    {
        int rounds = AesKeySchedule.Rounds(key.Length);
        Span<byte> roundKeys = stackalloc byte[VaesGcmNative.MaxRoundKeysLength], powers = stackalloc byte[2 * PowersLength];
        AesKeySchedule.Expand(key, roundKeys);
        Vector128<byte> hashKey = AesKeySchedule.Encrypt(ref MemoryMarshal.GetReference(roundKeys), rounds, Vector128<byte>.Zero);
        Ghash.WritePowers(hashKey, powers[..PowersLength], powers[PowersLength..]);
        _native = new VaesGcmNative(roundKeys[..((rounds + 1) * VaesGcmNative.BlockLength)], powers[..PowersLength], powers[PowersLength..]);
        CryptographicOperations.ZeroMemory(roundKeys);
        CryptographicOperations.ZeroMemory(powers);
    }

    internal static bool IsSupported => VaesGcmNative.IsSupported && AesNiGcm.IsSupported;

    internal override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag) =>
        _native.Seal(nonce, associatedData, text, tag);

    internal override bool OpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag) =>
        _native.Open(nonce, associatedData, text, tag);

    public override void Dispose() => _native.Dispose();
}
