namespace Vpr.Fuzz;

/// <summary>FNV-1a over what a target read.</summary>
internal struct Digest()
{
    private ulong _state = 0xCBF2_9CE4_8422_2325;

    /// <summary>The digest; never 0.</summary>
    public readonly ulong Value => _state | 1;

    /// <summary>Takes bytes in.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        ulong state = _state;
        foreach (byte octet in bytes)
            state = unchecked((state ^ octet) * 0x0000_0100_0000_01B3);
        _state = state;
    }

    /// <summary>Takes a number in.</summary>
    public void Add(ulong number) => Add(BitConverter.GetBytes(number));
}
