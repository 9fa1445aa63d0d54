using System.Runtime.Intrinsics;

namespace Vpr.Crypto.Tests;

/// <summary>What Arm's manual says the instructions do, step by step, so that code made of them runs on any processor.</summary>
/// <remarks>Arm ARM, AESE, AESMC, PMULL; FIPS 197 §5.1.1 to §5.1.3</remarks>
internal readonly struct EmulatedArm : IArmCryptography
{
    private static readonly byte[] SBox = MakeSBox();

    public static bool IsSupported => true;

    public static Vector128<byte> Encrypt(Vector128<byte> state, Vector128<byte> roundKey)
    {
        Span<byte> before = stackalloc byte[16], after = stackalloc byte[16];
        (state ^ roundKey).CopyTo(before);

        // A state is kept column by column: row r of column c is byte 4c + r. Row r moves r columns to the left.
        for (int i = 0; i < 16; i++) after[i] = SBox[before[(i + 4 * (i % 4)) % 16]];
        return Vector128.Create((ReadOnlySpan<byte>)after);
    }

    public static Vector128<byte> MixColumns(Vector128<byte> state)
    {
        Span<byte> before = stackalloc byte[16], after = stackalloc byte[16];
        state.CopyTo(before);
        for (int i = 0; i < 16; i++)
        {
            int column = i & ~3;
            byte own = before[i], next = before[column + (i + 1) % 4], third = before[column + (i + 2) % 4], fourth = before[column + (i + 3) % 4];
            after[i] = (byte)(Multiply(2, own) ^ Multiply(3, next) ^ third ^ fourth);
        }

        return Vector128.Create((ReadOnlySpan<byte>)after);
    }

    public static Vector128<ulong> MultiplyLower(Vector128<ulong> left, Vector128<ulong> right) => Product(left[0], right[0]);

    public static Vector128<ulong> MultiplyUpper(Vector128<ulong> left, Vector128<ulong> right) => Product(left[1], right[1]);

    public static Vector128<byte> Reverse(Vector128<byte> block)
    {
        Span<byte> bytes = stackalloc byte[16];
        block.CopyTo(bytes);
        bytes.Reverse();
        return Vector128.Create((ReadOnlySpan<byte>)bytes);
    }

    private static Vector128<ulong> Product(ulong left, ulong right)
    {
        UInt128 product = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            if ((right >> bit & 1) != 0) product ^= (UInt128)left << bit;
        }

        return Vector128.Create((ulong)(product & ulong.MaxValue), (ulong)(product >> 64));
    }

    private static byte Multiply(int left, int right)
    {
        int product = 0;
        for (; right != 0; right >>= 1)
        {
            if ((right & 1) != 0) product ^= left;
            left <<= 1;
            if ((left & 0x100) != 0) left ^= 0x11b;
        }

        return (byte)product;
    }

    private static byte[] MakeSBox()
    {
        byte[] box = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            int inverse = 0;
            for (int j = 1; j < 256 && inverse == 0; j++)
            {
                if (Multiply(i, j) == 1) inverse = j;
            }

            int value = inverse | inverse << 8;
            box[i] = (byte)((0x63 ^ inverse ^ value >> 7 ^ value >> 6 ^ value >> 5 ^ value >> 4) & 0xff);
        }

        return box;
    }
}
