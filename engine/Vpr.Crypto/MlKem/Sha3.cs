using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The hash functions of FIPS 203 over one message, given in up to two parts.</summary>
/// <remarks>
/// FIPS 202 §6. Managed, because OpenSSL 3.0 behind the framework's <c>SHA3_256</c> costs more in calls than in hashing at these sizes,
/// and not every supported system has it.
/// </remarks>
internal static class Sha3
{
    internal const int Shake128Rate = 168;
    internal const int Shake256Rate = 136;

    internal const byte ShakeSuffix = 0x1f; // the bits 1111 and the first bit of the padding, FIPS 202 §6.2
    private const byte HashSuffix = 0x06; // the bits 01 and the first bit of the padding, FIPS 202 §6.1

    internal static void Hash256(ReadOnlySpan<byte> message, Span<byte> digest) => Run(136, HashSuffix, message, [], digest[..32]);

    internal static void Hash512(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest) => Run(72, HashSuffix, first, second, digest[..64]);

    internal static void Shake256(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output) => Run(Shake256Rate, ShakeSuffix, first, second, output);

    internal static void Shake128(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output) => Run(Shake128Rate, ShakeSuffix, first, second, output);

    // The state is kept as bytes in memory order, which is how FIPS 202 §B.1 numbers them; lanes are little-endian.
    private static void Run(int rate, byte suffix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        Span<SingleLane> lanes = stackalloc SingleLane[Keccak.LaneCount];
        Span<byte> state = MemoryMarshal.AsBytes(lanes);
        int at = Absorb(lanes, state, rate, 0, first);
        at = Absorb(lanes, state, rate, at, second);
        state[at] ^= suffix;
        state[rate - 1] ^= 0x80;

        while (true)
        {
            Keccak.Permute(lanes);
            int taken = Math.Min(rate, output.Length);
            state[..taken].CopyTo(output);
            output = output[taken..];
            if (output.IsEmpty) break;
        }

        CryptographicOperations.ZeroMemory(state);
    }

    private static int Absorb(Span<SingleLane> lanes, Span<byte> state, int rate, int at, ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            int taken = Math.Min(rate - at, message.Length);
            Xor(state.Slice(at, taken), message[..taken]);
            message = message[taken..];
            at += taken;
            if (at < rate) break;
            Keccak.Permute(lanes);
            at = 0;
        }

        return at;
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> source)
    {
        int i = 0;
        for (; i + sizeof(ulong) <= source.Length; i += sizeof(ulong))
        {
            ulong word = MemoryMarshal.Read<ulong>(target[i..]) ^ MemoryMarshal.Read<ulong>(source[i..]);
            MemoryMarshal.Write(target[i..], word);
        }

        for (; i < source.Length; i++) target[i] ^= source[i];
    }
}
