namespace Vpr.Quic.Streams;

/// <summary>Puts the data of one stream, or of one level of CRYPTO, in order again.</summary>
/// <remarks>
/// RFC 9000 §2.2. Whoever calls <see cref="Insert"/> has checked the range against flow control, so memory is bounded by the window;
/// <see cref="MaxGaps"/> bounds the book-keeping of a peer that sends many small pieces.
/// </remarks>
/// <param name="pool">Where memory comes from.</param>
internal sealed class ReceiveBuffer(ChunkPool pool)
{
    /// <summary>How many separate ranges may wait ahead of the first gap.</summary>
    public const int MaxGaps = 8192;

    private readonly ChunkWindow _data = new(pool);
    private readonly RangeSet _ahead = new();

    /// <summary>Offset of the next byte to read.</summary>
    public ulong ReadOffset { get; private set; }

    /// <summary>Offset up to which everything arrived.</summary>
    public ulong Contiguous { get; private set; }

    /// <summary>Offset after the highest byte that arrived.</summary>
    public ulong Highest { get; private set; }

    /// <summary>How many bytes can be read now.</summary>
    public int Readable => (int)Math.Min(Contiguous - ReadOffset, int.MaxValue);

    /// <summary>Takes a piece, which may overlap what is there.</summary>
    /// <returns>False when more than <see cref="MaxGaps"/> separate ranges would wait.</returns>
    public bool Insert(ulong offset, ReadOnlySpan<byte> data)
    {
        ulong end = offset + (ulong)data.Length;
        if (end > Highest) Highest = end;
        if (end <= Contiguous) return true;
        if (offset < Contiguous)
        {
            data = data[(int)(Contiguous - offset)..];
            offset = Contiguous;
        }

        if (offset > Contiguous)
        {
            if (_ahead.Covers(offset, end)) return true;
            if (_ahead.Count >= MaxGaps) return false;
            _data.Write(offset, data);
            _ahead.Add(offset, end);
            return true;
        }

        _data.Write(offset, data);
        Contiguous = end;
        while (_ahead.Count > 0 && _ahead[0].Start <= Contiguous)
        {
            Contiguous = Math.Max(Contiguous, _ahead[0].End);
            _ahead.Remove(_ahead[0].Start, _ahead[0].End);
        }

        return true;
    }

    /// <summary>Reads in order, as much as is there and fits.</summary>
    /// <returns>Bytes read.</returns>
    public int Read(Span<byte> destination)
    {
        int count = Math.Min(Readable, destination.Length);
        _data.CopyTo(ReadOffset, destination[..count]);
        ReadOffset += (ulong)count;
        _data.TrimTo(ReadOffset);
        return count;
    }

    /// <summary>Forgets everything, for a stream that was reset or is over.</summary>
    public void Clear()
    {
        _data.Clear();
        _ahead.Clear();
        ReadOffset = Contiguous = Highest = 0;
    }
}
