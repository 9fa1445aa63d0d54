namespace Vpr.Quic.Streams;

/// <summary>The data of one stream, or of one level of CRYPTO, on its way to the peer: written, sent, perhaps sent again, acknowledged.</summary>
/// <remarks>RFC 9000 §2.2 and §13.3. Data is copied in once and kept until it is acknowledged; a packet remembers offsets only.</remarks>
/// <param name="pool">Where memory comes from.</param>
internal sealed class SendBuffer(ChunkPool pool)
{
    private readonly ChunkWindow _data = new(pool);
    private readonly RangeSet _acknowledged = new();
    private readonly RangeSet _lost = new();
    private bool _finished;
    private bool _finSent;
    private bool _finLost;
    private bool _finAcknowledged;

    /// <summary>Offset of the first byte that is not acknowledged.</summary>
    public ulong Base { get; private set; }

    /// <summary>Offset of the first byte never sent.</summary>
    public ulong Sent { get; private set; }

    /// <summary>Offset after the last byte written.</summary>
    public ulong Written { get; private set; }

    /// <summary>Bytes kept, acknowledged ones behind a gap included.</summary>
    public int Buffered => (int)(Written - Base);

    /// <summary>Whether the end was written.</summary>
    public bool IsFinished => _finished;

    /// <summary>Whether everything, the end included, was sent at least once.</summary>
    public bool IsAllSent => _finSent && Sent == Written;

    /// <summary>Whether everything, the end included, is acknowledged.</summary>
    public bool IsAllAcknowledged => _finAcknowledged && Base == Written;

    /// <summary>Whether something can be sent that needs no flow control credit: lost data, or an end without data.</summary>
    public bool HasUncreditedWork => _lost.Count > 0 || _finLost || _finished && !_finSent && Sent == Written;

    /// <summary>Whether data waits that was never sent.</summary>
    public bool HasNewData => Sent < Written;

    /// <summary>Adds data at the end.</summary>
    /// <exception cref="InvalidOperationException">The end was written before.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (_finished) throw new InvalidOperationException("Nothing can follow the end of a stream.");
        _data.Write(Written, data);
        Written += (ulong)data.Length;
    }

    /// <summary>Writes the end.</summary>
    public void Finish() => _finished = true;

    /// <summary>Takes the next range to send: lost ranges first, then new data.</summary>
    /// <param name="room">The most bytes of data wanted, 0 or more; 0 takes a bare end alone.</param>
    /// <param name="limit">The offset that new data must stay below.</param>
    /// <param name="offset">Where the range begins.</param>
    /// <param name="length">Its length; 0 for a bare end.</param>
    /// <param name="fin">Whether the stream ends with it.</param>
    /// <returns>False when there is nothing to send now.</returns>
    public bool TryTake(int room, ulong limit, out ulong offset, out int length, out bool fin)
    {
        if (_lost.Count > 0 && room > 0)
        {
            (offset, ulong end) = _lost[0];
            length = (int)Math.Min((ulong)room, end - offset);
            _lost.Remove(offset, offset + (ulong)length);
        }
        else
        {
            offset = Sent;
            ulong end = Math.Min(Written, Math.Max(limit, Sent));
            length = _lost.Count > 0 ? 0 : (int)Math.Min((ulong)room, end - offset);
            Sent += (ulong)length;
        }

        // The end rides on whatever range reaches it.
        fin = _finished && Sent == Written && offset + (ulong)length == Written && !_finAcknowledged && (!_finSent || _finLost || length > 0);
        if (fin)
        {
            _finSent = true;
            _finLost = false;
        }

        return length > 0 || fin;
    }

    /// <summary>Copies a range that was taken and is not yet acknowledged.</summary>
    public void CopyTo(ulong offset, Span<byte> destination) => _data.CopyTo(offset, destination);

    /// <summary>The peer has the range.</summary>
    public void OnAcknowledged(ulong offset, int length, bool fin)
    {
        if (fin)
        {
            _finAcknowledged = true;
            _finLost = false;
        }

        ulong end = offset + (ulong)length;
        if (end <= Base) return;
        _lost.Remove(offset, end);
        if (offset > Base)
        {
            _acknowledged.Add(offset, end);
            return;
        }

        Base = end;
        while (_acknowledged.Count > 0 && _acknowledged[0].Start <= Base)
        {
            Base = Math.Max(Base, _acknowledged[0].End);
            _acknowledged.Remove(_acknowledged[0].Start, _acknowledged[0].End);
        }

        _data.TrimTo(Base);
    }

    /// <summary>The range is to be sent again, but for what was acknowledged meanwhile.</summary>
    public void OnLost(ulong offset, int length, bool fin)
    {
        if (fin && !_finAcknowledged) _finLost = true;
        ulong end = offset + (ulong)length;
        offset = Math.Max(offset, Base);
        if (offset >= end) return;
        _lost.Add(offset, end);
        for (int i = 0; i < _acknowledged.Count && _acknowledged[i].Start < end; i++)
        {
            if (_acknowledged[i].End > offset) _lost.Remove(_acknowledged[i].Start, _acknowledged[i].End);
        }
    }

    /// <summary>Forgets everything, for a stream that was reset or is over.</summary>
    public void Clear()
    {
        _data.Clear();
        _acknowledged.Clear();
        _lost.Clear();
        Base = Sent = Written = 0;
        _finished = _finSent = _finLost = _finAcknowledged = false;
    }
}
