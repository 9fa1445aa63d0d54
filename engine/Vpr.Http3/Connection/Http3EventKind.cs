namespace Vpr.Http3;

/// <summary>What happened on an HTTP/3 connection.</summary>
public enum Http3EventKind : byte
{
    /// <summary>Streams may be opened: requests can be sent, extended CONNECT once <see cref="SettingsReceived"/>.</summary>
    Ready,

    /// <summary>The peer's settings are known.</summary>
    SettingsReceived,

    /// <summary>A request came: <see cref="Http3Stream.Request"/> and <see cref="Http3Stream.Fields"/> say what it asks. Servers only.</summary>
    RequestReceived,

    /// <summary>An interim response came; <see cref="Http3Stream.Fields"/> holds it until the next event is taken. Clients only.</summary>
    InformationalReceived,

    /// <summary>The final response came: <see cref="Http3Stream.Response"/> and <see cref="Http3Stream.Fields"/>. Clients only.</summary>
    ResponseReceived,

    /// <summary>There is content, or its end, to read. Told only after a read that found nothing.</summary>
    DataReceived,

    /// <summary>The stream takes content again, after a write that it took only in part.</summary>
    Writable,

    /// <summary>The peer abandoned what it was sending, with <see cref="Http3Event.ErrorCode"/>; what had arrived is gone.</summary>
    StreamReset,

    /// <summary>The peer wants no more of what we send, with <see cref="Http3Event.ErrorCode"/>: our side of the stream is reset.</summary>
    StreamStopped,

    /// <summary>The stream is ended both ways because of what the peer sent, or because it will not be served; <see cref="Http3Event.ErrorCode"/> says why.</summary>
    StreamFailed,

    /// <summary>The peer takes no more requests; those it will not serve fail with <see cref="Http3ErrorCode.RequestRejected"/>.</summary>
    GoAwayReceived,

    /// <summary>The peer allows more requests than when opening one last failed.</summary>
    RequestsAvailable,

    /// <summary>The peer is reached on another address, or the largest datagram of the path changed.</summary>
    PathChanged,

    /// <summary>The connection is over; always the last event. Open streams end with it, without an event of their own.</summary>
    Closed,
}
