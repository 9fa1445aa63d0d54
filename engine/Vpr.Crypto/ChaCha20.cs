using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Crypto;

/// <summary>The ChaCha20 block function, one block at a time: header protection needs no more.</summary>
/// <remarks>RFC 8439 §2.3. The four rows of the state are four vectors, so a round works on its four columns at once. Constant-time.</remarks>
internal static class ChaCha20
{
    internal const int KeyLength = 32;
    internal const int BlockLength = 64;

    private const int DoubleRounds = 10;

    /// <param name="key">32 bytes.</param>
    /// <param name="counterAndNonce">16 bytes: the block counter, little-endian, and the nonce.</param>
    /// <param name="keyStream">Receives 64 bytes.</param>
    internal static void Block(ReadOnlySpan<byte> key, ReadOnlySpan<byte> counterAndNonce, Span<byte> keyStream)
    {
        Vector128<uint> constants = Vector128.Create("expand 32-byte k"u8).AsUInt32();
        Vector128<uint> keyLow = Vector128.Create(key[..16]).AsUInt32();
        Vector128<uint> keyHigh = Vector128.Create(key[16..32]).AsUInt32();
        Vector128<uint> counter = Vector128.Create(counterAndNonce[..16]).AsUInt32();

        Vector128<uint> a = constants, b = keyLow, c = keyHigh, d = counter;
        for (int round = 0; round < DoubleRounds; round++)
        {
            QuarterRounds(ref a, ref b, ref c, ref d);
            // Turning the rows makes the diagonals columns, and back.
            b = TurnOne(b);
            c = TurnTwo(c);
            d = TurnThree(d);
            QuarterRounds(ref a, ref b, ref c, ref d);
            b = TurnThree(b);
            c = TurnTwo(c);
            d = TurnOne(d);
        }

        Span<uint> words = MemoryMarshal.Cast<byte, uint>(keyStream);
        (a + constants).CopyTo(words);
        (b + keyLow).CopyTo(words[4..]);
        (c + keyHigh).CopyTo(words[8..]);
        (d + counter).CopyTo(words[12..]);
    }

    // The instruction is named where there is one: ahead of time the general form becomes a loop over the elements.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> TurnOne(Vector128<uint> row) =>
        Sse2.IsSupported ? Sse2.Shuffle(row, 0b00_11_10_01) : Vector128.Shuffle(row, Vector128.Create(1u, 2, 3, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> TurnTwo(Vector128<uint> row) =>
        Sse2.IsSupported ? Sse2.Shuffle(row, 0b01_00_11_10) : Vector128.Shuffle(row, Vector128.Create(2u, 3, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> TurnThree(Vector128<uint> row) =>
        Sse2.IsSupported ? Sse2.Shuffle(row, 0b10_01_00_11) : Vector128.Shuffle(row, Vector128.Create(3u, 0, 1, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRounds(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
    {
        a += b; d = Rotate(d ^ a, 16);
        c += d; b = Rotate(b ^ c, 12);
        a += b; d = Rotate(d ^ a, 8);
        c += d; b = Rotate(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));
}
