namespace Vpr.Fuzz;

/// <summary>SplitMix64: a small deterministic generator, so that one number names an input for ever.</summary>
internal struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The generator of one input of one target.</summary>
    public static FuzzRandom For(ulong seed, string target, long iteration)
    {
        ulong state = seed;
        foreach (char letter in target)
            state = Mix(unchecked(state + letter));
        return new FuzzRandom(Mix(unchecked(state + (ulong)iteration)));
    }

    /// <summary>64 bits.</summary>
    public ulong Next() => Mix(_state = unchecked(_state + 0x9E37_79B9_7F4A_7C15));

    /// <summary>A number from 0 up to, not with, <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)((Next() >> 32) * (ulong)bound >> 32);

    /// <summary>A number from <paramref name="minimum"/> up to and with <paramref name="maximum"/>.</summary>
    public int Between(int minimum, int maximum) => minimum + Below(maximum - minimum + 1);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>Fills a block.</summary>
    public void Fill(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (byte)(Next() >> 56);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }
}
