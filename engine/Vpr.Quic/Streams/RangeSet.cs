namespace Vpr.Quic.Streams;

/// <summary>A set of offsets as disjoint, non-touching half-open ranges in ascending order.</summary>
internal sealed class RangeSet
{
    private (ulong Start, ulong End)[] _ranges = new (ulong, ulong)[4];

    /// <summary>How many ranges there are.</summary>
    public int Count { get; private set; }

    /// <summary>The range at place <paramref name="index"/>, from 0.</summary>
    public (ulong Start, ulong End) this[int index] => _ranges[index];

    /// <summary>Adds all offsets from <paramref name="start"/> to below <paramref name="end"/>.</summary>
    public void Add(ulong start, ulong end)
    {
        if (start >= end) return;
        int first = FirstEndingAtOrAfter(start);
        int after = first;
        while (after < Count && _ranges[after].Start <= end)
        {
            start = Math.Min(start, _ranges[after].Start);
            end = Math.Max(end, _ranges[after].End);
            after++;
        }

        Replace(first, after, 1);
        _ranges[first] = (start, end);
    }

    /// <summary>Takes away all offsets from <paramref name="start"/> to below <paramref name="end"/>.</summary>
    public void Remove(ulong start, ulong end)
    {
        if (start >= end) return;
        int first = FirstEndingAtOrAfter(start);
        if (first < Count && _ranges[first].End == start) first++;
        int after = first;
        while (after < Count && _ranges[after].Start < end) after++;
        if (first == after) return;

        ulong head = _ranges[first].Start;
        ulong tail = _ranges[after - 1].End;
        bool keepHead = head < start;
        bool keepTail = tail > end;
        Replace(first, after, (keepHead ? 1 : 0) + (keepTail ? 1 : 0));
        if (keepHead) _ranges[first++] = (head, start);
        if (keepTail) _ranges[first] = (end, tail);
    }

    /// <summary>Whether all offsets from <paramref name="start"/> to below <paramref name="end"/> are in the set.</summary>
    public bool Covers(ulong start, ulong end)
    {
        if (start >= end) return true;
        int index = FirstEndingAtOrAfter(end);
        return index < Count && _ranges[index].Start <= start;
    }

    /// <summary>Empties the set.</summary>
    public void Clear() => Count = 0;

    private int FirstEndingAtOrAfter(ulong offset)
    {
        // Most ranges are added at the end; only then is a search worth while.
        if (Count == 0 || _ranges[Count - 1].End < offset) return Count;
        int low = 0;
        int high = Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].End < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>Makes room so that <paramref name="count"/> ranges stand where those from <paramref name="first"/> to below <paramref name="after"/> stood.</summary>
    private void Replace(int first, int after, int count)
    {
        int moved = Count - after;
        int total = first + count + moved;
        if (total > _ranges.Length) Array.Resize(ref _ranges, Math.Max(total, _ranges.Length * 2));
        Array.Copy(_ranges, after, _ranges, first + count, moved);
        Count = total;
    }
}
