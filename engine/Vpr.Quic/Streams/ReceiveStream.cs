using Vpr.Io;

namespace Vpr.Quic.Streams;

/// <summary>The receiving part of a stream.</summary>
/// <remarks>RFC 9000 §3.2</remarks>
/// <param name="pool">Where memory comes from.</param>
internal sealed class ReceiveStream(ChunkPool pool)
{
    private readonly ReceiveBuffer _buffer = new(pool);
    private ReceiveWindow _window;
    private ulong? _finalSize;
    private ulong _highest;

    /// <summary>Where the part stands.</summary>
    public ReceiveStreamState State { get; private set; }

    /// <summary>Whether the application wants no more: data is counted and dropped.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The code told with STOP_SENDING.</summary>
    public ulong StopCode { get; private set; }

    /// <summary>The code that the peer reset the stream with.</summary>
    public ulong ResetCode { get; private set; }

    /// <summary>Whether the application is to be told when there is something to read.</summary>
    public bool IsReaderWaiting { get; set; }

    /// <summary>The limit to tell with MAX_STREAM_DATA.</summary>
    public ulong Limit => _window.Limit;

    /// <summary>Whether nothing more will happen.</summary>
    public bool IsTerminal => State is ReceiveStreamState.DataRead or ReceiveStreamState.ResetRead;

    /// <summary>Whether a read would give data or the end.</summary>
    public bool IsReadable => !IsStopped && (_buffer.Readable > 0 || State == ReceiveStreamState.DataReceived);

    /// <summary>Whether the peer is to be told of a new limit; not once it knows where the stream ends.</summary>
    public bool WantsWindowUpdate => State == ReceiveStreamState.Receive && !IsStopped && _window.WantsUpdate;

    /// <summary>Begins a stream with a window.</summary>
    public void Open(ulong window, ulong maxWindow)
    {
        _window = new ReceiveWindow(window, maxWindow);
        _finalSize = null;
        _highest = 0;
        State = ReceiveStreamState.Receive;
        IsStopped = false;
        IsReaderWaiting = true;
        StopCode = ResetCode = 0;
    }

    /// <summary>A STREAM frame arrived.</summary>
    /// <param name="offset">Its offset; offset and length together are at most 2^62-1.</param>
    /// <param name="data">Its data.</param>
    /// <param name="fin">Whether it ends the stream.</param>
    /// <param name="connection">The connection's window, which new bytes count against too.</param>
    public TransportErrorCode Receive(ulong offset, ReadOnlySpan<byte> data, bool fin, ref ReceiveWindow connection)
    {
        ulong end = offset + (ulong)data.Length;
        TransportErrorCode error = Account(end, fin ? end : null, ref connection);
        if (error != TransportErrorCode.NoError) return error;
        if (State is not (ReceiveStreamState.Receive or ReceiveStreamState.SizeKnown)) return TransportErrorCode.NoError;
        if (IsStopped)
        {
            if (_finalSize is not null) State = ReceiveStreamState.ResetRead;
            return TransportErrorCode.NoError;
        }

        // RFC 9000 names no code for a peer that shreds its stream; nothing the protocol allows was exceeded.
        if (!_buffer.Insert(offset, data)) return TransportErrorCode.InternalError;
        if (_finalSize is { } final) State = _buffer.Contiguous == final ? ReceiveStreamState.DataReceived : ReceiveStreamState.SizeKnown;
        return TransportErrorCode.NoError;
    }

    /// <summary>A RESET_STREAM frame arrived.</summary>
    /// <param name="code">Its error code.</param>
    /// <param name="finalSize">Its final size.</param>
    /// <param name="connection">The connection's window; what was never read counts as read now.</param>
    /// <param name="isNews">Whether the application is to be told.</param>
    public TransportErrorCode Reset(ulong code, ulong finalSize, ref ReceiveWindow connection, out bool isNews)
    {
        isNews = false;
        TransportErrorCode error = Account(finalSize, finalSize, ref connection);
        if (error != TransportErrorCode.NoError) return error;
        // RFC 9000 §3.2: once all data is there a reset may be ignored.
        if (State is not (ReceiveStreamState.Receive or ReceiveStreamState.SizeKnown)) return TransportErrorCode.NoError;
        ResetCode = code;
        isNews = !IsStopped;
        if (!IsStopped) connection.Consume(_highest - _buffer.ReadOffset);
        _buffer.Clear();
        State = IsStopped ? ReceiveStreamState.ResetRead : ReceiveStreamState.ResetReceived;
        return TransportErrorCode.NoError;
    }

    /// <summary>The application was told of the reset.</summary>
    public void OnResetRead()
    {
        if (State == ReceiveStreamState.ResetReceived) State = ReceiveStreamState.ResetRead;
    }

    /// <summary>Reads in order.</summary>
    /// <returns>Bytes read.</returns>
    public int Read(Span<byte> destination, out bool fin, ref ReceiveWindow connection)
    {
        fin = false;
        if (IsStopped) return 0;
        int count = _buffer.Read(destination);
        _window.Consume((ulong)count);
        connection.Consume((ulong)count);
        if (State == ReceiveStreamState.DataReceived && _buffer.ReadOffset == _finalSize) State = ReceiveStreamState.DataRead;
        fin = State == ReceiveStreamState.DataRead;
        return count;
    }

    /// <summary>The application wants no more.</summary>
    /// <returns>Whether STOP_SENDING is to be sent: not when all data or a reset arrived (RFC 9000 §3.5).</returns>
    public bool Stop(ulong code, ref ReceiveWindow connection)
    {
        if (IsStopped || IsTerminal) return false;
        IsStopped = true;
        StopCode = code;
        bool tell = State is ReceiveStreamState.Receive or ReceiveStreamState.SizeKnown;
        if (State != ReceiveStreamState.ResetReceived) connection.Consume(_highest - _buffer.ReadOffset);
        _buffer.Clear();
        // With the final size known all credit is accounted for, and nothing that still arrives matters.
        if (!tell || _finalSize is not null) State = ReceiveStreamState.ResetRead;
        return tell && State != ReceiveStreamState.ResetRead;
    }

    /// <summary>Sets the new limit that MAX_STREAM_DATA tells.</summary>
    public void UpdateWindow(Instant now, TimeSpan roundTrip) => _window.Update(now, roundTrip);

    /// <summary>Gives the memory back.</summary>
    public void Close() => _buffer.Clear();

    /// <summary>RFC 9000 §4.5 and §4.1: the final size never changes, nothing lies beyond it, and both limits hold.</summary>
    private TransportErrorCode Account(ulong end, ulong? finalSize, ref ReceiveWindow connection)
    {
        if (_finalSize is { } known && (end > known || finalSize is { } other && other != known)) return TransportErrorCode.FinalSizeError;
        if (finalSize < _highest) return TransportErrorCode.FinalSizeError;
        if (end > _highest)
        {
            ulong added = end - _highest;
            if (!_window.Receive(added) || !connection.Receive(added)) return TransportErrorCode.FlowControlError;
            _highest = end;
            if (IsStopped) connection.Consume(added);
        }

        _finalSize ??= finalSize;
        return TransportErrorCode.NoError;
    }
}
