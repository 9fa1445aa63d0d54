using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Vpr.Tunnel.Queueing;

/// <summary>SipHash-2-4: a short keyed hash that tells nothing of its key.</summary>
/// <remarks>J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012</remarks>
internal static class SipHash
{
    /// <summary>Hashes a message.</summary>
    /// <param name="key">128 bits; the key's first byte is the least significant.</param>
    /// <param name="message">Any bytes.</param>
    public static ulong Compute(UInt128 key, ReadOnlySpan<byte> message)
    {
        ulong lower = unchecked((ulong)key), upper = (ulong)(key >> 64);
        // The letters of "somepseudorandomlygeneratedbytes" keep the four words from being alike.
        ulong v0 = lower ^ 0x736F_6D65_7073_6575, v1 = upper ^ 0x646F_7261_6E64_6F6D, v2 = lower ^ 0x6C79_6765_6E65_7261, v3 = upper ^ 0x7465_6462_7974_6573;
        ulong last = (ulong)message.Length << 56;
        for (; message.Length >= sizeof(ulong); message = message[sizeof(ulong)..])
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(message);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
        }

        for (int at = 0; at < message.Length; at++) last |= (ulong)message[at] << (8 * at);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xFF;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    // Inlined, so that the four words stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v2 += v3;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
