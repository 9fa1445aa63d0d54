namespace Vpr.Quic;

/// <summary>Payloads that wait to be sent in DATAGRAM frames, oldest first, in one ring of bytes.</summary>
/// <param name="capacity">Bytes it may hold.</param>
internal sealed class DatagramQueue(int capacity)
{
    private readonly Queue<int> _lengths = new();
    private byte[] _ring = [];
    private int _head;
    private int _used;

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => _lengths.Count == 0;

    /// <summary>Bytes of the oldest payload; there must be one.</summary>
    public int NextLength => _lengths.Peek();

    /// <summary>Copies a payload to the end.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryEnqueue(ReadOnlySpan<byte> payload)
    {
        // Each payload counts for one byte more, so that empty ones are bounded too.
        if (_used + payload.Length + _lengths.Count >= capacity) return false;
        if (_ring.Length == 0) _ring = new byte[capacity];
        int tail = (_head + _used) % capacity;
        int first = Math.Min(payload.Length, capacity - tail);
        payload[..first].CopyTo(_ring.AsSpan(tail));
        payload[first..].CopyTo(_ring);
        _used += payload.Length;
        _lengths.Enqueue(payload.Length);
        return true;
    }

    /// <summary>Moves the oldest payload to <paramref name="destination"/>, which has room for <see cref="NextLength"/> bytes.</summary>
    /// <returns>Its length.</returns>
    public int Dequeue(Span<byte> destination)
    {
        int length = _lengths.Dequeue();
        int first = Math.Min(length, capacity - _head);
        _ring.AsSpan(_head, first).CopyTo(destination);
        _ring.AsSpan(0, length - first).CopyTo(destination[first..]);
        Remove(length);
        return length;
    }

    /// <summary>Drops the oldest payload.</summary>
    public void Drop() => Remove(_lengths.Dequeue());

    private void Remove(int length)
    {
        _head = (_head + length) % capacity;
        _used -= length;
    }
}
