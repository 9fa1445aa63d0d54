namespace Vpr.Http3;

/// <summary>The static Huffman code of header compression: its lengths, from which codes and decoding tables follow.</summary>
/// <remarks>
/// RFC 7541 Appendix B, used by RFC 9204 §4.1.2. The code is canonical (shorter codes first, equal lengths in the order of the symbols),
/// so the 257 lengths say all of it.
/// </remarks>
internal static class HuffmanCode
{
    /// <summary>The symbol that ends a string and must never be seen; RFC 7541 §5.2.</summary>
    private const int EndOfString = 256;

    private const int MaxBits = 30;

    /// <summary>Codes of at most this many bits are decoded by one look-up: all that text is made of.</summary>
    private const int FastBits = 10;

    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>Each symbol's code, aligned to the least significant bit.</summary>
    private static readonly uint[] Codes = new uint[EndOfString + 1];

    /// <summary>By the next <see cref="FastBits"/> bits: symbol and, shifted by 8, its length; 0 for a longer code.</summary>
    private static readonly ushort[] Fast = new ushort[1 << FastBits];

    /// <summary>By length: the first value of 32 bits, code at the top, that no longer belongs to a code of this length.</summary>
    private static readonly ulong[] Limit = new ulong[MaxBits + 1];

    /// <summary>By length: the length's first code, and the place of its first symbol in <see cref="Ordered"/>.</summary>
    private static readonly uint[] FirstCode = new uint[MaxBits + 1];
    private static readonly int[] FirstPlace = new int[MaxBits + 1];

    /// <summary>All symbols by length and then by value.</summary>
    private static readonly ushort[] Ordered = new ushort[EndOfString + 1];

    static HuffmanCode()
    {
        uint code = 0;
        int place = 0;
        for (int length = 1; length <= MaxBits; length++)
        {
            code <<= 1;
            FirstCode[length] = code;
            FirstPlace[length] = place;
            for (int symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] != length) continue;
                Codes[symbol] = code;
                Ordered[place++] = (ushort)symbol;
                if (length <= FastBits)
                    Fast.AsSpan((int)(code << (FastBits - length)), 1 << (FastBits - length)).Fill((ushort)(length << 8 | symbol));
                code++;
            }

            Limit[length] = (ulong)code << (32 - length);
        }
    }

    /// <summary>The length of <paramref name="text"/> when encoded, in bytes.</summary>
    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        long bits = 0;
        foreach (byte octet in text) bits += Lengths[octet];
        return (int)((bits + 7) / 8);
    }

    /// <summary>The most bytes that <paramref name="encodedLength"/> bytes can decode to: the shortest code has 5 bits.</summary>
    public static long MaxDecodedLength(int encodedLength) => (long)encodedLength * 8 / 5;

    /// <summary>Encodes <paramref name="text"/>, padded with the most significant bits of the end-of-string code.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="destination">At least <see cref="EncodedLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        ulong bits = 0;
        int count = 0;
        int written = 0;
        foreach (byte octet in text)
        {
            int length = Lengths[octet];
            bits = bits << length | Codes[octet];
            count += length;
            for (; count >= 8; count -= 8) destination[written++] = (byte)(bits >> (count - 8));
        }

        if (count > 0) destination[written++] = (byte)(bits << (8 - count) | (0xffu >> count));
        return written;
    }

    /// <summary>Decodes a Huffman-coded string.</summary>
    /// <param name="encoded">The whole string.</param>
    /// <param name="destination">Takes the text.</param>
    /// <param name="written">The text's length in bytes; 0 on failure.</param>
    /// <returns>False when the code is invalid (RFC 7541 §5.2: end-of-string inside, padding longer than 7 bits or not of ones) or the text does not fit.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination, out int written)
    {
        written = 0;
        ulong bits = 0;
        int count = 0;
        int next = 0;
        int used = 0;
        while (true)
        {
            while (count <= 48 && next < encoded.Length)
            {
                bits = bits << 8 | encoded[next++];
                count += 8;
            }

            // What lies behind the last bit is read as ones, so padding looks like the beginning of end-of-string.
            uint window = count >= 32 ? (uint)(bits >> (count - 32)) : (uint)(bits << (32 - count) | (0xffff_ffffUL >> count));
            if (count < 8 && window == uint.MaxValue)
            {
                written = used;
                return true;
            }

            int entry = Fast[window >> (32 - FastBits)];
            int length = entry >> 8;
            int symbol = entry & 0xff;
            if (length == 0)
            {
                length = FastBits + 1;
                while (window >= Limit[length])
                    if (++length > MaxBits) return false;
                symbol = Ordered[FirstPlace[length] + (int)((window >> (32 - length)) - FirstCode[length])];
            }

            if (length > count || symbol == EndOfString || used == destination.Length) return false;
            destination[used++] = (byte)symbol;
            count -= length;
        }
    }
}
