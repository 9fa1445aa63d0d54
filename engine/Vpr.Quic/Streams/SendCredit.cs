namespace Vpr.Quic.Streams;

/// <summary>How much the peer lets us send, on a stream or on the connection.</summary>
/// <remarks>RFC 9000 §4.1</remarks>
internal struct SendCredit
{
    private ulong _toldBlockedAt;
    private bool _toldBlocked;

    /// <summary>The peer's limit: the offset, or sum of offsets, that data must stay below.</summary>
    public ulong Limit { get; private set; }

    /// <summary>What was used of it.</summary>
    public ulong Used { get; private set; }

    /// <summary>Bytes that may still be sent.</summary>
    public readonly ulong Available => Limit - Used;

    /// <summary>Raises the limit; a lower one than before is an old frame and says nothing (RFC 9000 §4.1).</summary>
    /// <returns>Whether it was raised.</returns>
    public bool Raise(ulong limit)
    {
        if (limit <= Limit) return false;
        Limit = limit;
        return true;
    }

    /// <summary>Uses <paramref name="count"/> bytes, at most <see cref="Available"/>.</summary>
    public void Use(int count) => Used += (ulong)count;

    /// <summary>Whether the peer is to be told that this limit holds us up, once for each limit.</summary>
    public bool TellBlocked()
    {
        if (Used < Limit || _toldBlocked && _toldBlockedAt == Limit) return false;
        _toldBlocked = true;
        _toldBlockedAt = Limit;
        return true;
    }
}
