namespace Vpr.Quic;

/// <content>Streams, as the application sees them: RFC 9000 §2.</content>
public sealed partial class QuicConnection
{
    /// <summary>Opens a stream.</summary>
    /// <param name="direction">Whether the peer may send on it too.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>False before the handshake is complete, after the end, and while the peer allows no more; then <see cref="ConnectionEventKind.StreamsAvailable"/> follows.</returns>
    public bool TryOpenStream(StreamDirection direction, out StreamId stream)
    {
        stream = default;
        if (!IsHandshakeComplete || IsClosed) return false;
        _endpoint.OnTouched(this);
        return _streams.TryOpen(direction, out stream);
    }

    /// <summary>Adds data to a stream, and perhaps its end.</summary>
    /// <param name="stream">A stream that this end may send on.</param>
    /// <param name="data">The data; as much as is accepted is copied.</param>
    /// <param name="fin">Whether the stream ends after <paramref name="data"/>; counts only when all of it is accepted.</param>
    /// <returns>Bytes accepted; fewer than given when the stream's buffer is full, and then <see cref="ConnectionEventKind.StreamWritable"/> follows.</returns>
    public int Write(StreamId stream, ReadOnlySpan<byte> data, bool fin)
    {
        if (IsClosed) return 0;
        _endpoint.OnTouched(this);
        return _streams.Write(stream, data, fin);
    }

    /// <summary>Reads a stream's data in order.</summary>
    /// <param name="stream">A stream that the peer may send on.</param>
    /// <param name="destination">Where the data goes.</param>
    /// <param name="fin">Whether the stream's end was reached: no read gives any more.</param>
    /// <returns>Bytes read; 0 when none is there, and then <see cref="ConnectionEventKind.StreamReadable"/> follows.</returns>
    public int Read(StreamId stream, Span<byte> destination, out bool fin)
    {
        fin = false;
        if (IsClosed) return 0;
        _endpoint.OnTouched(this);
        return _streams.Read(stream, destination, out fin);
    }

    /// <summary>Abandons the sending side of a stream: what the peer does not have yet it will not get.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="applicationErrorCode">Why, in the application protocol's numbers, 0 to 2^62-1.</param>
    /// <remarks>RFC 9000 §19.4</remarks>
    public void Reset(StreamId stream, ulong applicationErrorCode)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(applicationErrorCode, Wire.VarInt.Max);
        if (IsClosed) return;
        _endpoint.OnTouched(this);
        _streams.Reset(stream, applicationErrorCode);
    }

    /// <summary>Tells the peer that what it sends on a stream is not wanted any more.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="applicationErrorCode">Why, in the application protocol's numbers, 0 to 2^62-1.</param>
    /// <remarks>RFC 9000 §19.5</remarks>
    public void StopSending(StreamId stream, ulong applicationErrorCode)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(applicationErrorCode, Wire.VarInt.Max);
        if (IsClosed) return;
        _endpoint.OnTouched(this);
        _streams.StopSending(stream, applicationErrorCode);
    }
}
