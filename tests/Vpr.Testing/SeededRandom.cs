using System.Buffers.Binary;
using System.Numerics;
using Vpr.Io;

namespace Vpr.Testing;

/// <summary>Randomness that is the same for the same seed, on every machine and runtime.</summary>
/// <remarks>xoshiro256** (Blackman and Vigna) seeded by SplitMix64; secret and public bytes come from generators of their own, so that asking for one never changes the other.</remarks>
public sealed class SeededRandom : IRandomSource
{
    private readonly ulong[] _state = new ulong[4];
    private readonly SeededRandom? _secret;

    /// <summary>A source that repeats for the same <paramref name="seed"/>.</summary>
    public SeededRandom(ulong seed)
        : this(seed, withSecret: true)
    {
    }

    private SeededRandom(ulong seed, bool withSecret)
    {
        Seed = seed;
        ulong mixed = seed;
        for (int i = 0; i < _state.Length; i++) _state[i] = Mix(ref mixed);
        if (withSecret) _secret = new SeededRandom(~seed, withSecret: false);
    }

    /// <summary>What it was made from.</summary>
    public ulong Seed { get; }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_state[1] * 5, 7) * 9;
            ulong shifted = _state[1] << 17;
            _state[2] ^= _state[0];
            _state[3] ^= _state[1];
            _state[1] ^= _state[2];
            _state[0] ^= _state[3];
            _state[2] ^= shifted;
            _state[3] = BitOperations.RotateLeft(_state[3], 45);
            return result;
        }
    }

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from <paramref name="minimum"/> to <paramref name="maximum"/>, both included.</summary>
    public int Next(int minimum, int maximum) => (int)(minimum + (long)(NextUInt64() % (ulong)((long)maximum - minimum + 1)));

    /// <summary>Whether something happens that happens with probability <paramref name="probability"/>.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>A time from zero to <paramref name="maximum"/>.</summary>
    public TimeSpan UpTo(TimeSpan maximum) => TimeSpan.FromTicks((long)(NextDouble() * maximum.Ticks));

    /// <summary>A source of its own, that neither changes this one nor is changed by it later.</summary>
    public SeededRandom Fork() => new(NextUInt64());

    /// <inheritdoc/>
    public void FillSecret(Span<byte> destination) => (_secret ?? this).Fill(destination);

    /// <inheritdoc/>
    public void FillPublic(Span<byte> destination) => Fill(destination);

    private void Fill(Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, NextUInt64());
            int count = Math.Min(8, destination.Length);
            word[..count].CopyTo(destination);
            destination = destination[count..];
        }
    }

    private static ulong Mix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E37_79B9_7F4A_7C15;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }
}
