using System.Buffers.Binary;
using System.Numerics;

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
        ulong lower = (ulong)(key & ulong.MaxValue), upper = (ulong)(key >> 64);
        // The letters of "somepseudorandomlygeneratedbytes" keep the four words from being alike.
        State state = new(lower ^ 0x736F_6D65_7073_6575, upper ^ 0x646F_7261_6E64_6F6D, lower ^ 0x6C79_6765_6E65_7261, upper ^ 0x7465_6462_7974_6573);
        ulong length = (ulong)message.Length << 56;
        for (; message.Length >= sizeof(ulong); message = message[sizeof(ulong)..]) state.Take(BinaryPrimitives.ReadUInt64LittleEndian(message));
        ulong last = length;
        for (int at = 0; at < message.Length; at++) last |= (ulong)message[at] << (8 * at);
        state.Take(last);
        return state.Finish();
    }

    private struct State(ulong v0, ulong v1, ulong v2, ulong v3)
    {
        public void Take(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        public ulong Finish()
        {
            v2 ^= 0xFF;
            for (int round = 0; round < 4; round++) Round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void Round()
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
}
