namespace Vpr.Quic;

/// <summary>What happened on a connection.</summary>
public enum ConnectionEventKind : byte
{
    /// <summary>TLS is complete: streams and datagrams may be sent, the peer is authenticated.</summary>
    HandshakeCompleted,

    /// <summary>The peer is known to have completed too; RFC 9001 §4.1.2.</summary>
    HandshakeConfirmed,

    /// <summary>The peer opened <see cref="ConnectionEvent.Stream"/>.</summary>
    StreamOpened,

    /// <summary><see cref="ConnectionEvent.Stream"/> has data, or its end, to read. Told again only after a read that found it empty.</summary>
    StreamReadable,

    /// <summary><see cref="ConnectionEvent.Stream"/> takes data again after a write that it took only in part.</summary>
    StreamWritable,

    /// <summary>The peer abandoned its sending side of <see cref="ConnectionEvent.Stream"/> with <see cref="ConnectionEvent.ErrorCode"/>.</summary>
    StreamReset,

    /// <summary>The peer asks us, with <see cref="ConnectionEvent.ErrorCode"/>, to stop sending on <see cref="ConnectionEvent.Stream"/>; the stream was reset with the same code.</summary>
    StreamStopped,

    /// <summary>The peer allows more streams than when opening one last failed.</summary>
    StreamsAvailable,

    /// <summary>The peer is reached on another address, or the largest datagram of the path changed.</summary>
    PathChanged,

    /// <summary>The connection is over: <see cref="ConnectionEvent.CloseSource"/> says by whom, <see cref="ConnectionEvent.ErrorCode"/> why. Always the last event.</summary>
    Closed,
}
