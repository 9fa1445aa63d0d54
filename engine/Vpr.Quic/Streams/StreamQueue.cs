namespace Vpr.Quic.Streams;

/// <summary>What a stream can wait for, each in a queue of its own.</summary>
internal enum StreamTurn
{
    /// <summary>To be told to the application.</summary>
    News,

    /// <summary>To send control frames.</summary>
    Control,

    /// <summary>To send lost data or a bare end, for which no credit is needed.</summary>
    Resend,

    /// <summary>To send new data.</summary>
    Data,
}

/// <summary>Streams that wait their turn, each at most once, first come first served: a list threaded through the streams themselves.</summary>
/// <param name="turn">What they wait for.</param>
internal sealed class StreamQueue(StreamTurn turn)
{
    /// <summary>How many kinds of queue there are.</summary>
    public const int Kinds = 4;

    private readonly int _turn = (int)turn;
    private QuicStream? _head;
    private QuicStream? _tail;

    /// <summary>Whether no stream waits.</summary>
    public bool IsEmpty => _head is null;

    /// <summary>The stream that waits longest, or null.</summary>
    public QuicStream? First => _head;

    /// <summary>Adds a stream at the end unless it waits already.</summary>
    public void Enqueue(QuicStream stream)
    {
        ref StreamLink link = ref stream.Links[_turn];
        if (link.IsQueued) return;
        link = new StreamLink { IsQueued = true, Previous = _tail };
        if (_tail is null) _head = stream;
        else _tail.Links[_turn].Next = stream;
        _tail = stream;
    }

    /// <summary>Takes a stream out, wherever it stands; nothing happens when it does not wait.</summary>
    public void Remove(QuicStream stream)
    {
        ref StreamLink link = ref stream.Links[_turn];
        if (!link.IsQueued) return;
        if (link.Previous is null) _head = link.Next;
        else link.Previous.Links[_turn].Next = link.Next;
        if (link.Next is null) _tail = link.Previous;
        else link.Next.Links[_turn].Previous = link.Previous;
        link = default;
    }

    /// <summary>Puts the first stream last, so that the next has its turn.</summary>
    public void Rotate()
    {
        if (_head is not { } first || first == _tail) return;
        Remove(first);
        Enqueue(first);
    }
}

/// <summary>A stream's place in one queue.</summary>
internal struct StreamLink
{
    /// <summary>The stream before it.</summary>
    public QuicStream? Previous;

    /// <summary>The stream after it.</summary>
    public QuicStream? Next;

    /// <summary>Whether it waits there at all.</summary>
    public bool IsQueued;
}
