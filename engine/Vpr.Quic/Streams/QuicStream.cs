namespace Vpr.Quic.Streams;

/// <summary>What the application has yet to be told of a stream.</summary>
[Flags]
internal enum StreamNews : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The peer opened it.</summary>
    Opened = 1,

    /// <summary>There is something to read.</summary>
    Readable = 2,

    /// <summary>The peer reset it.</summary>
    Reset = 4,

    /// <summary>The peer wants no more of it.</summary>
    Stopped = 8,

    /// <summary>It takes data again.</summary>
    Writable = 16,
}

/// <summary>Control frames that a stream has yet to send.</summary>
[Flags]
internal enum StreamControl : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>RESET_STREAM.</summary>
    Reset = 1,

    /// <summary>STOP_SENDING.</summary>
    StopSending = 2,

    /// <summary>MAX_STREAM_DATA.</summary>
    MaxData = 4,

    /// <summary>STREAM_DATA_BLOCKED.</summary>
    DataBlocked = 8,
}

/// <summary>One stream: its parts, and what it waits for. Reused for later streams of the connection.</summary>
/// <param name="pool">Where memory comes from.</param>
internal sealed class QuicStream(ChunkPool pool)
{
    /// <summary>The stream's number.</summary>
    public StreamId Id { get; private set; }

    /// <summary>The sending part; without meaning unless <see cref="HasSend"/>.</summary>
    public SendStream Send { get; } = new(pool);

    /// <summary>The receiving part; without meaning unless <see cref="HasReceive"/>.</summary>
    public ReceiveStream Receive { get; } = new(pool);

    /// <summary>Whether this end may send.</summary>
    public bool HasSend { get; private set; }

    /// <summary>Whether the peer may send.</summary>
    public bool HasReceive { get; private set; }

    /// <summary>The stream's places in the queues, by <see cref="StreamTurn"/>.</summary>
    public StreamLink[] Links { get; } = new StreamLink[StreamQueue.Kinds];

    /// <summary>What to tell the application.</summary>
    public StreamNews News { get; set; }

    /// <summary>What to tell the peer.</summary>
    public StreamControl Control { get; set; }

    /// <summary>Whether both parts are over and nothing is left to tell.</summary>
    public bool IsOver =>
        (!HasSend || Send.IsTerminal) && (!HasReceive || Receive.IsTerminal)
        && (News & (StreamNews.Opened | StreamNews.Reset | StreamNews.Stopped)) == 0;

    /// <summary>Begins a stream.</summary>
    public void Open(StreamId id, bool hasSend, bool hasReceive)
    {
        Id = id;
        HasSend = hasSend;
        HasReceive = hasReceive;
        News = StreamNews.None;
        Control = StreamControl.None;
    }

    /// <summary>Gives the stream's memory back.</summary>
    public void Close()
    {
        Send.Close();
        Receive.Close();
    }
}
