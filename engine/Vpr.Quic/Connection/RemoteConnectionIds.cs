namespace Vpr.Quic;

/// <summary>The connection IDs that the peer gave us, and those we have to give back.</summary>
/// <remarks>RFC 9000 §5.1.1, §5.1.2, §19.15</remarks>
/// <param name="limit">Our active_connection_id_limit, 2 or more.</param>
internal sealed class RemoteConnectionIds(int limit)
{
    // §5.1.2: an endpoint limits the retirements it tracks; twice the active ones and some is the RFC's lower bound.
    private const int MaxUnacknowledgedRetirements = 64;

    private readonly Entry[] _entries = new Entry[limit];
    private readonly Retirement[] _retirements = new Retirement[MaxUnacknowledgedRetirements];
    private int _count;
    private int _retirementCount;
    private ulong _retirePriorTo;
    private Entry _current;

    /// <summary>The ID that packets are sent to.</summary>
    public ref readonly ConnectionId Current => ref _current.Id;

    /// <summary>Whether a RETIRE_CONNECTION_ID frame waits to be sent.</summary>
    public bool HasUnsentRetirement
    {
        get
        {
            foreach (ref readonly Retirement retirement in _retirements.AsSpan(0, _retirementCount))
                if (retirement.IsUnsent) return true;
            return false;
        }
    }

    /// <summary>Whether there is an ID besides the current one.</summary>
    public bool HasSpare => _count > 1;

    /// <summary>Sets the ID of the handshake: chosen by us at first, then by the peer's Source Connection ID, once more after a Retry.</summary>
    public void SetInitial(ConnectionId id)
    {
        _current = new Entry { Id = id };
        _entries[0] = _current;
        _count = 1;
    }

    /// <summary>Sets the stateless reset token of the handshake's ID, from the server's transport parameters.</summary>
    public void SetInitialToken(StatelessResetToken token)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Sequence != 0) continue;
            _entries[i].Token = token;
            _entries[i].HasToken = true;
            if (_current.Sequence == 0) _current = _entries[i];
        }
    }

    /// <summary>Takes a NEW_CONNECTION_ID frame.</summary>
    /// <returns>The error to close with, or <see cref="TransportErrorCode.NoError"/>.</returns>
    public TransportErrorCode Add(ulong sequence, ulong retirePriorTo, ConnectionId id, StatelessResetToken token)
    {
        // §19.15: a peer that has us use zero-length IDs cannot give others.
        if (_current.Id.Length == 0) return TransportErrorCode.ProtocolViolation;
        if (retirePriorTo > sequence) return TransportErrorCode.FrameEncodingError;

        Span<byte> bytes = stackalloc byte[StatelessResetToken.Length];
        token.CopyTo(bytes);
        bool isKnown = false;
        foreach (ref readonly Entry entry in _entries.AsSpan(0, _count))
        {
            bool sameSequence = entry.Sequence == sequence;
            if (sameSequence != (entry.Id == id)) return TransportErrorCode.ProtocolViolation;
            if (!sameSequence) continue;
            if (entry.HasToken && !entry.Token.Matches(bytes)) return TransportErrorCode.ProtocolViolation;
            isKnown = true;
        }

        if (retirePriorTo > _retirePriorTo)
        {
            _retirePriorTo = retirePriorTo;
            for (int i = _count - 1; i >= 0; i--)
            {
                if (_entries[i].Sequence >= retirePriorTo) continue;
                if (!TryRetire(_entries[i].Sequence)) return TransportErrorCode.ConnectionIdLimitError;
                RemoveAt(i);
            }
        }

        if (!isKnown)
        {
            if (sequence < _retirePriorTo)
                return IsRetired(sequence) || TryRetire(sequence) ? TransportErrorCode.NoError : TransportErrorCode.ConnectionIdLimitError;
            if (!IsRetired(sequence))
            {
                if (_count == _entries.Length) return TransportErrorCode.ConnectionIdLimitError;
                _entries[_count++] = new Entry { Sequence = sequence, Id = id, Token = token, HasToken = true };
            }
        }

        if (_count == 0) return TransportErrorCode.ProtocolViolation;
        if (_current.Sequence < _retirePriorTo) _current = _entries[0];
        return TransportErrorCode.NoError;
    }

    /// <summary>Moves to an unused ID and retires the current one, so that the old and the new path cannot be linked.</summary>
    /// <returns>False when there is no spare one, and the current one stays.</returns>
    /// <remarks>RFC 9000 §9.5</remarks>
    public bool TryRotate()
    {
        if (!HasSpare || !TryRetire(_current.Sequence)) return false;
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Sequence != _current.Sequence) continue;
            RemoveAt(i);
            break;
        }

        _current = _entries[0];
        return true;
    }

    /// <summary>The next sequence number for a RETIRE_CONNECTION_ID frame; it counts as sent.</summary>
    public bool TryTakeUnsentRetirement(out ulong sequence)
    {
        foreach (ref Retirement retirement in _retirements.AsSpan(0, _retirementCount))
        {
            if (!retirement.IsUnsent) continue;
            retirement.IsUnsent = false;
            sequence = retirement.Sequence;
            return true;
        }

        sequence = 0;
        return false;
    }

    /// <summary>The RETIRE_CONNECTION_ID frame of <paramref name="sequence"/> was lost.</summary>
    public void OnRetirementLost(ulong sequence)
    {
        foreach (ref Retirement retirement in _retirements.AsSpan(0, _retirementCount))
            if (retirement.Sequence == sequence) retirement.IsUnsent = true;
    }

    /// <summary>The peer has the RETIRE_CONNECTION_ID frame of <paramref name="sequence"/>.</summary>
    public void OnRetirementAcknowledged(ulong sequence)
    {
        for (int i = 0; i < _retirementCount; i++)
        {
            if (_retirements[i].Sequence != sequence) continue;
            _retirements[i] = _retirements[--_retirementCount];
            return;
        }
    }

    /// <summary>Whether 16 bytes at the end of a packet are the reset token of any ID in use; looks at all of them whatever it finds.</summary>
    /// <remarks>RFC 9000 §10.3.1</remarks>
    public bool IsResetToken(ReadOnlySpan<byte> bytes)
    {
        bool found = false;
        foreach (ref readonly Entry entry in _entries.AsSpan(0, _count))
            found |= entry.HasToken & entry.Token.Matches(bytes);
        return found;
    }

    private bool IsRetired(ulong sequence)
    {
        foreach (ref readonly Retirement retirement in _retirements.AsSpan(0, _retirementCount))
            if (retirement.Sequence == sequence) return true;
        return false;
    }

    private bool TryRetire(ulong sequence)
    {
        if (_retirementCount == MaxUnacknowledgedRetirements) return false;
        _retirements[_retirementCount++] = new Retirement { Sequence = sequence, IsUnsent = true };
        return true;
    }

    private void RemoveAt(int index) => _entries[index] = _entries[--_count];

    private struct Entry
    {
        public ulong Sequence;
        public ConnectionId Id;
        public StatelessResetToken Token;
        public bool HasToken;
    }

    private struct Retirement
    {
        public ulong Sequence;
        public bool IsUnsent;
    }
}
