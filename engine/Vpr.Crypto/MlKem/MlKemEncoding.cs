using System.Diagnostics;

namespace Vpr.Crypto;

/// <summary>Polynomials as bytes, whole or compressed.</summary>
/// <remarks>FIPS 203 §4.2.1. Divisions by q are multiplications, because the time of a division may depend on secret operands.</remarks>
internal static class MlKemEncoding
{
    /// <summary>Bytes of a polynomial with 12 bits a coefficient.</summary>
    internal const int WholeLength = 384;

    /// <summary>Bytes of a polynomial with 10 bits a coefficient (d_u).</summary>
    internal const int TenBitLength = 320;

    /// <summary>Bytes of a polynomial with 4 bits a coefficient (d_v).</summary>
    internal const int FourBitLength = 128;

    /// <summary>ByteEncode12 of a normalized polynomial.</summary>
    internal static void Encode(ReadOnlySpan<short> polynomial, Span<byte> destination)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && destination.Length == WholeLength);
        for (int i = 0, at = 0; i < polynomial.Length; i += 2, at += 3)
        {
            int pair = (ushort)polynomial[i] | (ushort)polynomial[i + 1] << 12;
            destination[at] = unchecked((byte)pair);
            destination[at + 1] = unchecked((byte)(pair >> 8));
            destination[at + 2] = (byte)(pair >> 16);
        }
    }

    /// <summary>ByteDecode12; false when a coefficient is not below q, which only a forged key has (FIPS 203 §7.2).</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> source, Span<short> polynomial)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && source.Length == WholeLength);
        int excess = 0;
        for (int i = 0, at = 0; i < polynomial.Length; i += 2, at += 3)
        {
            int low = source[at] | (source[at + 1] & 0x0f) << 8;
            int high = source[at + 1] >> 4 | source[at + 2] << 4;
            excess |= MlKemRing.Q - 1 - low | MlKemRing.Q - 1 - high;
            polynomial[i] = (short)low;
            polynomial[i + 1] = (short)high;
        }

        return excess >= 0;
    }

    /// <summary>ByteEncode10 of Compress10 of a normalized polynomial.</summary>
    internal static void CompressTenBits(ReadOnlySpan<short> polynomial, Span<byte> destination)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && destination.Length == TenBitLength);
        for (int i = 0, at = 0; i < polynomial.Length; i += 4, at += 5)
        {
            ulong four = Compress(polynomial[i], 10)
                | Compress(polynomial[i + 1], 10) << 10
                | Compress(polynomial[i + 2], 10) << 20
                | Compress(polynomial[i + 3], 10) << 30;
            destination[at] = unchecked((byte)four);
            destination[at + 1] = unchecked((byte)(four >> 8));
            destination[at + 2] = unchecked((byte)(four >> 16));
            destination[at + 3] = unchecked((byte)(four >> 24));
            destination[at + 4] = (byte)(four >> 32);
        }
    }

    /// <summary>Decompress10 of ByteDecode10.</summary>
    internal static void DecompressTenBits(ReadOnlySpan<byte> source, Span<short> polynomial)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && source.Length == TenBitLength);
        for (int i = 0, at = 0; i < polynomial.Length; i += 4, at += 5)
        {
            ulong four = source[at] | (ulong)source[at + 1] << 8 | (ulong)source[at + 2] << 16 | (ulong)source[at + 3] << 24 | (ulong)source[at + 4] << 32;
            for (int j = 0; j < 4; j++) polynomial[i + j] = Decompress((int)(four >> 10 * j) & 0x3ff, 10);
        }
    }

    /// <summary>ByteEncode4 of Compress4 of a normalized polynomial.</summary>
    internal static void CompressFourBits(ReadOnlySpan<short> polynomial, Span<byte> destination)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && destination.Length == FourBitLength);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (byte)(Compress(polynomial[2 * i], 4) | Compress(polynomial[2 * i + 1], 4) << 4);
    }

    /// <summary>Decompress4 of ByteDecode4.</summary>
    internal static void DecompressFourBits(ReadOnlySpan<byte> source, Span<short> polynomial)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && source.Length == FourBitLength);
        for (int i = 0; i < source.Length; i++)
        {
            polynomial[2 * i] = Decompress(source[i] & 0x0f, 4);
            polynomial[2 * i + 1] = Decompress(source[i] >> 4, 4);
        }
    }

    /// <summary>ByteEncode1 of Compress1 of a normalized polynomial: the message of 32 bytes.</summary>
    internal static void CompressMessage(ReadOnlySpan<short> polynomial, Span<byte> message)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && message.Length == MlKemRing.N / 8);
        for (int i = 0; i < message.Length; i++)
        {
            ulong octet = 0;
            for (int bit = 0; bit < 8; bit++) octet |= Compress(polynomial[8 * i + bit], 1) << bit;
            message[i] = (byte)octet;
        }
    }

    /// <summary>Decompress1 of ByteDecode1, without a branch on the message's bits.</summary>
    internal static void DecompressMessage(ReadOnlySpan<byte> message, Span<short> polynomial)
    {
        Debug.Assert(polynomial.Length == MlKemRing.N && message.Length == MlKemRing.N / 8);
        for (int i = 0; i < polynomial.Length; i++)
            polynomial[i] = (short)(-(message[i / 8] >> (i & 7) & 1) & (MlKemRing.Q + 1) / 2);
    }

    // round(2^bits / q · coefficient) mod 2^bits. The quotient by q is exact: 2^36 / q is rounded up and the dividend is below 2^22.
    private static ulong Compress(short coefficient, int bits)
    {
        const ulong Reciprocal = (1UL << 36) / MlKemRing.Q + 1;
        ulong dividend = ((ulong)(ushort)coefficient << bits) + MlKemRing.Q / 2;
        return dividend * Reciprocal >> 36 & (1UL << bits) - 1;
    }

    // round(q / 2^bits · value)
    private static short Decompress(int value, int bits) => (short)((value * MlKemRing.Q + (1 << bits - 1)) >> bits);
}
