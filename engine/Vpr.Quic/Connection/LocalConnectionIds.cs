namespace Vpr.Quic;

/// <summary>The connection IDs that we gave the peer.</summary>
/// <remarks>RFC 9000 §5.1.1, §5.1.2, §19.15, §19.16</remarks>
/// <param name="issuer">Who makes and routes them.</param>
/// <param name="owner">The connection they lead to.</param>
internal sealed class LocalConnectionIds(IConnectionIdIssuer issuer, QuicConnection owner)
{
    /// <summary>The most IDs that are active at once, whatever the peer would take.</summary>
    public const int MaxActive = 8;

    // A peer that retires as fast as it can makes us issue as fast; this many in a connection's life is far more than paths need.
    private const ulong MaxIssued = 1 << 16;

    private readonly Entry[] _entries = new Entry[MaxActive];
    private int _count;
    private ulong _nextSequence;

    /// <summary>The ID of the handshake, sequence number 0.</summary>
    public ConnectionId Initial { get; private set; }

    /// <summary>Whether a NEW_CONNECTION_ID frame waits to be sent.</summary>
    public bool HasUnsent
    {
        get
        {
            foreach (ref readonly Entry entry in _entries.AsSpan(0, _count))
                if (entry.IsUnsent) return true;
            return false;
        }
    }

    /// <summary>Issues the handshake's ID, which needs no frame.</summary>
    /// <param name="token">Its stateless reset token, which a server sends as a transport parameter.</param>
    public void IssueInitial(out StatelessResetToken token)
    {
        Initial = issuer.Issue(owner, out token);
        _entries[_count++] = new Entry { Sequence = _nextSequence++, Id = Initial, Token = token };
    }

    /// <summary>Issues as many as the peer takes.</summary>
    /// <param name="limit">How many may be active: the smaller of the peer's active_connection_id_limit and our own choice.</param>
    public void Fill(ulong limit)
    {
        int target = (int)Math.Min(limit, MaxActive);
        while (_count < target && _nextSequence < MaxIssued)
        {
            ConnectionId id = issuer.Issue(owner, out StatelessResetToken token);
            _entries[_count++] = new Entry { Sequence = _nextSequence++, Id = id, Token = token, IsUnsent = true };
        }
    }

    /// <summary>The next ID to be announced; it counts as sent.</summary>
    public bool TryTakeUnsent(out ulong sequence, out ConnectionId id, out StatelessResetToken token)
    {
        foreach (ref Entry entry in _entries.AsSpan(0, _count))
        {
            if (!entry.IsUnsent) continue;
            entry.IsUnsent = false;
            (sequence, id, token) = (entry.Sequence, entry.Id, entry.Token);
            return true;
        }

        (sequence, id, token) = (0, default, default);
        return false;
    }

    /// <summary>The frame that announced <paramref name="sequence"/> was lost: it is sent again, unless the ID is retired by now.</summary>
    public void OnLost(ulong sequence)
    {
        foreach (ref Entry entry in _entries.AsSpan(0, _count))
            if (entry.Sequence == sequence) entry.IsUnsent = true;
    }

    /// <summary>The peer retires an ID.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="packetDestination">The Destination Connection ID of the packet that says so.</param>
    /// <returns>An error when the ID was never issued, or is the one the packet came by.</returns>
    public TransportErrorCode Retire(ulong sequence, ConnectionId packetDestination)
    {
        if (sequence >= _nextSequence) return TransportErrorCode.ProtocolViolation;
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Sequence != sequence) continue;
            if (_entries[i].Id == packetDestination) return TransportErrorCode.ProtocolViolation;
            issuer.Withdraw(_entries[i].Id);
            _entries[i] = _entries[--_count];
            break;
        }

        return TransportErrorCode.NoError;
    }

    /// <summary>Ends the routing of all of them.</summary>
    public void WithdrawAll()
    {
        for (int i = 0; i < _count; i++) issuer.Withdraw(_entries[i].Id);
        _count = 0;
    }

    private struct Entry
    {
        public ulong Sequence;
        public ConnectionId Id;
        public StatelessResetToken Token;
        public bool IsUnsent;
    }
}
