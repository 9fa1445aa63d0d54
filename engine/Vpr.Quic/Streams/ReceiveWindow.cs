using Vpr.Io;

namespace Vpr.Quic.Streams;

/// <summary>How much we let the peer send, on a stream or on the connection, and when it is told of more.</summary>
/// <remarks>
/// RFC 9000 §4.1 and §4.2. The window doubles, up to a limit, when it is used up within two round trips: then it, and not the
/// network or the reader, holds the peer back.
/// </remarks>
internal struct ReceiveWindow
{
    private readonly ulong _maxSize;
    private ulong _size;
    private Instant _lastUpdate;
    private bool _hasUpdated;

    /// <summary>A window of <paramref name="size"/> bytes that may grow to <paramref name="maxSize"/>.</summary>
    public ReceiveWindow(ulong size, ulong maxSize)
    {
        _size = size;
        _maxSize = Math.Max(size, maxSize);
        Limit = size;
    }

    /// <summary>What the peer was told, or is about to be.</summary>
    public ulong Limit { get; private set; }

    /// <summary>What the peer used.</summary>
    public ulong Received { get; private set; }

    /// <summary>What was read, or given up unread.</summary>
    public ulong Consumed { get; private set; }

    /// <summary>Counts <paramref name="count"/> new bytes from the peer.</summary>
    /// <returns>False when that is more than it may send: a FLOW_CONTROL_ERROR.</returns>
    public bool Receive(ulong count)
    {
        if (count > Limit - Received) return false;
        Received += count;
        return true;
    }

    /// <summary>Counts <paramref name="count"/> bytes as read.</summary>
    public void Consume(ulong count) => Consumed += count;

    /// <summary>Whether half of the window is read and the peer is to be told of a new limit.</summary>
    public readonly bool WantsUpdate => Limit - Consumed <= _size / 2;

    /// <summary>Sets the new limit.</summary>
    /// <param name="now">The time.</param>
    /// <param name="roundTrip">smoothed_rtt.</param>
    public void Update(Instant now, TimeSpan roundTrip)
    {
        if (_hasUpdated && now - _lastUpdate < roundTrip * 2) _size = Math.Min(_size * 2, _maxSize);
        _hasUpdated = true;
        _lastUpdate = now;
        Limit = Math.Min(Math.Max(Limit, Consumed + _size), Wire.VarInt.Max);
    }
}
