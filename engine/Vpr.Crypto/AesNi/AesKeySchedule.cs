using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace Vpr.Crypto;

/// <summary>Round keys of AES and the encryption of single blocks, by the processor's own instructions.</summary>
/// <remarks>FIPS 197 §5.2. Constant-time: no table is looked up.</remarks>
internal static class AesKeySchedule
{
    internal const int BlockLength = 16;

    /// <summary>Bytes of the round keys of AES-256, the longest.</summary>
    internal const int MaxLength = 15 * BlockLength;

    internal static bool IsSupported => AesInstructions.IsSupported;

    /// <summary>10 for AES-128, 14 for AES-256.</summary>
    internal static int Rounds(int keyLength) => keyLength / 4 + 6;

    /// <summary>Writes the round keys, one more than there are rounds, each 16 bytes.</summary>
    internal static void Expand(ReadOnlySpan<byte> key, Span<byte> roundKeys) => Expand<AesNiSubstitution>(key, roundKeys);

    /// <summary>As the other, with the S-box of another processor.</summary>
    internal static void Expand<TSubstitution>(ReadOnlySpan<byte> key, Span<byte> roundKeys) where TSubstitution : IAesSubstitution
    {
        Debug.Assert(key.Length is 16 or 32);
        int words = key.Length / sizeof(uint), total = 4 * (Rounds(key.Length) + 1);
        key.CopyTo(roundKeys);
        uint constant = 1;
        for (int i = words; i < total; i++)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(roundKeys[((i - 1) * sizeof(uint))..]);
            if (i % words == 0)
            {
                // RotWord moves the first byte to the end: in a little-endian word that is a rotation to the right.
                word = BitOperations.RotateRight(TSubstitution.SubWord(word), 8) ^ constant;
                constant = (constant << 1) ^ (constant >> 7) * 0x11b;
            }
            else if (words > 6 && i % words == 4)
            {
                word = TSubstitution.SubWord(word);
            }

            word ^= BinaryPrimitives.ReadUInt32LittleEndian(roundKeys[((i - words) * sizeof(uint))..]);
            BinaryPrimitives.WriteUInt32LittleEndian(roundKeys[(i * sizeof(uint))..], word);
        }
    }

    /// <summary>Encrypts one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Encrypt(ref byte roundKeys, int rounds, Vector128<byte> block)
    {
        block ^= Vector128.LoadUnsafe(ref roundKeys);
        nuint at = BlockLength, last = (nuint)(uint)rounds * BlockLength;
        for (; at < last; at += BlockLength) block = AesInstructions.Encrypt(block, Vector128.LoadUnsafe(ref roundKeys, at));
        return AesInstructions.EncryptLast(block, Vector128.LoadUnsafe(ref roundKeys, last));
    }
}

/// <summary>The S-box on each of four bytes, in constant time.</summary>
/// <remarks>FIPS 197 §5.2</remarks>
internal interface IAesSubstitution
{
    static abstract uint SubWord(uint word);
}

/// <summary>The S-box by AESKEYGENASSIST.</summary>
internal readonly struct AesNiSubstitution : IAesSubstitution
{
    public static uint SubWord(uint word) => AesInstructions.KeygenAssist(Vector128.Create(word).AsByte(), 0).AsUInt32().ToScalar();
}
