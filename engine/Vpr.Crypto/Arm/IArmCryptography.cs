using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using AesInstructions = System.Runtime.Intrinsics.Arm.Aes;

namespace Vpr.Crypto;

/// <summary>The instructions of Arm64's cryptography extension that AES-GCM is made of; tests put a software model in their place.</summary>
internal interface IArmCryptography
{
    static abstract bool IsSupported { get; }

    /// <summary>AESE: adds the round key, then substitutes bytes and shifts rows.</summary>
    static abstract Vector128<byte> Encrypt(Vector128<byte> state, Vector128<byte> roundKey);

    /// <summary>AESMC.</summary>
    static abstract Vector128<byte> MixColumns(Vector128<byte> state);

    /// <summary>PMULL: the carry-less product of the lower halves.</summary>
    static abstract Vector128<ulong> MultiplyLower(Vector128<ulong> left, Vector128<ulong> right);

    /// <summary>PMULL2: the carry-less product of the upper halves.</summary>
    static abstract Vector128<ulong> MultiplyUpper(Vector128<ulong> left, Vector128<ulong> right);

    /// <summary>REV64 and EXT: all 16 bytes in the opposite order.</summary>
    static abstract Vector128<byte> Reverse(Vector128<byte> block);
}

/// <summary>The instructions themselves.</summary>
internal readonly struct ArmCryptography : IArmCryptography
{
    public static bool IsSupported => AesInstructions.IsSupported && AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Encrypt(Vector128<byte> state, Vector128<byte> roundKey) => AesInstructions.Encrypt(state, roundKey);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MixColumns(Vector128<byte> state) => AesInstructions.MixColumns(state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyLower(Vector128<ulong> left, Vector128<ulong> right) =>
        AesInstructions.PolynomialMultiplyWideningLower(left.GetLower(), right.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyUpper(Vector128<ulong> left, Vector128<ulong> right) =>
        AesInstructions.PolynomialMultiplyWideningUpper(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reverse(Vector128<byte> block)
    {
        Vector128<byte> halves = AdvSimd.ReverseElement8(block.AsInt64()).AsByte();
        return AdvSimd.ExtractVector128(halves, halves, 8);
    }
}
