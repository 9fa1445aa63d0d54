namespace Vpr.Tunnel;

/// <summary>Which of the latest counters of one key have been seen, so that a packet counts once.</summary>
/// <remarks>
/// RFC 6479: a ring of words of which the oldest is cleared as the window moves, so that no bits are ever shifted.
/// <see cref="IsFresh"/> comes before the packet is opened and <see cref="Mark"/> after: a forged packet moves nothing.
/// </remarks>
internal sealed class ReplayWindow
{
    /// <summary>How far behind the highest counter a packet may come, in packets.</summary>
    public const int Size = 8192;

    private const int WordBits = 64;

    // A power of two above Size / WordBits: the words between the window's two ends are clear.
    private const int WordCount = 256;

    private readonly ulong[] _words = new ulong[WordCount];
    private ulong _highest;

    /// <summary>Whether a counter is neither seen nor too old.</summary>
    public bool IsFresh(ulong counter)
    {
        if (counter > _highest) return true;
        if (_highest - counter >= Size) return false;
        return (Word(counter) & Bit(counter)) == 0;
    }

    /// <summary>Notes a counter that <see cref="IsFresh"/> and whose packet is authentic.</summary>
    public void Mark(ulong counter)
    {
        if (counter > _highest)
        {
            ulong from = _highest / WordBits, to = counter / WordBits;
            ulong fresh = Math.Min(to - from, WordCount);
            for (ulong step = 1; step <= fresh; step++) _words[(from + step) % WordCount] = 0;
            _highest = counter;
        }

        Word(counter) |= Bit(counter);
    }

    private ref ulong Word(ulong counter) => ref _words[counter / WordBits % WordCount];

    private static ulong Bit(ulong counter) => 1UL << (int)(counter % WordBits);
}
