using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>Four SHAKE outputs at once, from one seed of 32 bytes and four different suffixes of up to 7 bytes.</summary>
/// <remarks>FIPS 202 §6.2. FIPS 203 expands one seed into many polynomials, which is the only use here. Little-endian hosts, as .NET has them.</remarks>
internal ref struct ShakeX4
{
    internal const int SeedLength = 32;

    private readonly Span<FourLanes> _states;
    private readonly Span<ulong> _words; // the same, word n of lane i at 4 i + n
    private readonly int _rate;

    /// <param name="states">Room for 25 lanes, the caller's to provide.</param>
    /// <param name="rate">The rate in bytes, a multiple of 8.</param>
    /// <param name="seed">32 bytes that all four messages begin with.</param>
    /// <param name="suffixes">What follows in each message, as a little-endian number.</param>
    /// <param name="suffixLength">Bytes of each suffix, 1 to 7.</param>
    internal ShakeX4(Span<FourLanes> states, int rate, ReadOnlySpan<byte> seed, ReadOnlySpan<ulong> suffixes, int suffixLength)
    {
        Debug.Assert(states.Length == Keccak.LaneCount && seed.Length == SeedLength && suffixes.Length == 4 && suffixLength is > 0 and < 8);
        _states = states;
        _words = MemoryMarshal.Cast<FourLanes, ulong>(states);
        _rate = rate;
        _words.Clear();
        for (int lane = 0; lane < SeedLength / sizeof(ulong); lane++)
            _words.Slice(4 * lane, 4).Fill(BinaryPrimitives.ReadUInt64LittleEndian(seed[(lane * sizeof(ulong))..]));

        ulong padding = (ulong)Sha3.ShakeSuffix << (8 * suffixLength);
        for (int n = 0; n < 4; n++)
        {
            _words[4 * (SeedLength / sizeof(ulong)) + n] = suffixes[n] | padding;
            _words[4 * (rate / sizeof(ulong) - 1) + n] ^= 0x80UL << 56;
        }
    }

    /// <summary>Squeezes the next block of each message.</summary>
    /// <param name="blocks">Four times the rate: the block of message 0, then of 1, 2 and 3.</param>
    internal readonly void Squeeze(Span<byte> blocks)
    {
        Debug.Assert(blocks.Length == 4 * _rate);
        Keccak.PermuteFour(_states);
        int laneCount = _rate / sizeof(ulong);
        Span<ulong> output = MemoryMarshal.Cast<byte, ulong>(blocks);
        for (int n = 0; n < 4; n++)
        {
            for (int lane = 0; lane < laneCount; lane++) output[n * laneCount + lane] = _words[4 * lane + n];
        }
    }

    /// <summary>Erases the state.</summary>
    internal readonly void Clear() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_words));
}
