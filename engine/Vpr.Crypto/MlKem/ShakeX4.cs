using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>Four SHAKE outputs at once, from one seed of 32 bytes and four different suffixes of up to 7 bytes.</summary>
/// <remarks>FIPS 202 §6.2. FIPS 203 expands one seed into many polynomials, which is the only use here. Little-endian hosts, as .NET has them.</remarks>
internal ref struct ShakeX4
{
    internal const int SeedLength = 32;

    private readonly Span<FourLanes> _state;
    private readonly int _rate;

    /// <param name="state">Room for 25 lanes, the caller's to provide.</param>
    /// <param name="rate">The rate in bytes, a multiple of 8.</param>
    /// <param name="seed">32 bytes that all four messages begin with.</param>
    /// <param name="suffixes">What follows in each message, as a little-endian number.</param>
    /// <param name="suffixLength">Bytes of each suffix, 1 to 7.</param>
    internal ShakeX4(Span<FourLanes> state, int rate, ReadOnlySpan<byte> seed, ReadOnlySpan<ulong> suffixes, int suffixLength)
    {
        Debug.Assert(state.Length == Keccak.LaneCount && seed.Length == SeedLength && suffixes.Length == 4 && suffixLength is > 0 and < 8);
        _state = state;
        _rate = rate;
        state.Clear();
        for (int lane = 0; lane < SeedLength / sizeof(ulong); lane++)
            state[lane] = FourLanes.Broadcast(BinaryPrimitives.ReadUInt64LittleEndian(seed[(lane * sizeof(ulong))..]));

        Vector256<ulong> padding = Vector256.Create((ulong)Sha3.ShakeSuffix << (8 * suffixLength));
        state[SeedLength / sizeof(ulong)] = new FourLanes(Vector256.Create(suffixes) | padding);
        state[rate / sizeof(ulong) - 1] ^= FourLanes.Broadcast(0x80UL << 56);
    }

    /// <summary>Squeezes the next block of each message.</summary>
    /// <param name="blocks">Four times the rate: the block of message 0, then of 1, 2 and 3.</param>
    internal readonly void Squeeze(Span<byte> blocks)
    {
        Debug.Assert(blocks.Length == 4 * _rate);
        Keccak.Permute(_state);
        int laneCount = _rate / sizeof(ulong);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(blocks);
        for (int lane = 0; lane < laneCount; lane++)
        {
            Vector256<ulong> four = _state[lane].Value;
            words[lane] = four.GetElement(0);
            words[laneCount + lane] = four.GetElement(1);
            words[2 * laneCount + lane] = four.GetElement(2);
            words[3 * laneCount + lane] = four.GetElement(3);
        }
    }

    /// <summary>Erases the state.</summary>
    internal readonly void Clear() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_state));
}
