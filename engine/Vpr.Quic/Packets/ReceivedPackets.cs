using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>The packet numbers received in one space, as few ranges as they make, newest first.</summary>
/// <remarks>
/// RFC 9000 §13.2.3, §12.3. The set is bounded: when it is full the oldest range is forgotten, and whatever lies below counts as received,
/// so that a packet is never processed twice. Ranges that the peer knows about stay for that purpose and are no longer told: a packet that
/// was overtaken by more than a round trip still gets in.
/// </remarks>
internal sealed class ReceivedPackets
{
    /// <summary>The most ranges remembered, and so the most in one ACK frame.</summary>
    public const int MaxRanges = 32;

    private readonly PacketNumberRange[] _ranges = new PacketNumberRange[MaxRanges];
    private int _count;
    private ulong _floor;
    private ulong _told;

    /// <summary>The ranges that an ACK frame tells, in descending order; valid until the next change.</summary>
    public ReadOnlySpan<PacketNumberRange> Ranges
    {
        get
        {
            int count = 0;
            while (count < _count && _ranges[count].Largest >= _told) count++;
            return _ranges.AsSpan(0, count);
        }
    }

    /// <summary>The largest number received, or null.</summary>
    public ulong? Largest { get; private set; }

    /// <summary>Whether <paramref name="number"/> was received, or is too old to tell.</summary>
    public bool Contains(ulong number)
    {
        if (number < _floor) return true;
        foreach (ref readonly PacketNumberRange range in _ranges.AsSpan(0, _count))
        {
            if (number > range.Largest) return false;
            if (number >= range.Smallest) return true;
        }

        return false;
    }

    /// <summary>Adds one number.</summary>
    /// <returns>False when it was there, or is too old to tell.</returns>
    public bool TryAdd(ulong number)
    {
        if (number < _floor) return false;
        if (Largest is null || number > Largest) Largest = number;

        int index = 0;
        while (index < _count && number < _ranges[index].Smallest) index++;
        if (index < _count && number <= _ranges[index].Largest) return false;

        // _ranges[index - 1] lies above the number, _ranges[index] below it.
        bool joinsAbove = index > 0 && _ranges[index - 1].Smallest == number + 1;
        bool joinsBelow = index < _count && _ranges[index].Largest + 1 == number;
        if (joinsAbove && joinsBelow)
        {
            _ranges[index - 1] = new PacketNumberRange(_ranges[index].Smallest, _ranges[index - 1].Largest);
            RemoveAt(index);
        }
        else if (joinsAbove)
        {
            _ranges[index - 1] = _ranges[index - 1] with { Smallest = number };
        }
        else if (joinsBelow)
        {
            _ranges[index] = _ranges[index] with { Largest = number };
        }
        else
        {
            Insert(index, number);
        }

        return true;
    }

    /// <summary>The peer knows what was received up to <paramref name="number"/>: ranges that end there or below are told no more.</summary>
    /// <remarks>RFC 9000 §13.2.4</remarks>
    public void StopTelling(ulong number) => _told = Math.Max(_told, number + 1);

    /// <summary>The smallest number from <paramref name="from"/> on and below <paramref name="end"/> that was not received; null when all were, or are too old to tell.</summary>
    public ulong? SmallestMissing(ulong from, ulong end)
    {
        ulong? missing = null;
        // From the newest gap down to the last that reaches into the interval: in order, that is none.
        for (int index = 0; index < _count && _ranges[index].Smallest > from; index++)
        {
            ulong gapStart = index + 1 < _count ? _ranges[index + 1].Largest + 1 : _floor;
            ulong first = Math.Max(gapStart, from);
            if (first < _ranges[index].Smallest && first < end) missing = first;
        }

        return missing;
    }

    private void Insert(int index, ulong number)
    {
        if (_count == MaxRanges)
        {
            // A number older than every range is itself the one to be forgotten.
            if (index == _count)
            {
                _floor = number + 1;
                return;
            }

            _floor = _ranges[--_count].Largest + 1;
        }

        _ranges.AsSpan(index, _count - index).CopyTo(_ranges.AsSpan(index + 1));
        _ranges[index] = new PacketNumberRange(number, number);
        _count++;
    }

    private void RemoveAt(int index)
    {
        _ranges.AsSpan(index + 1, _count - index - 1).CopyTo(_ranges.AsSpan(index));
        _count--;
    }
}
