namespace Vpr.Http3;

/// <summary>What became of a request that a client wants to send.</summary>
public enum RequestStatus : byte
{
    /// <summary>It is on its way.</summary>
    Sent,

    /// <summary>The handshake is not complete, or, for extended CONNECT, the server's settings are not known: try again after the next event.</summary>
    NotReady,

    /// <summary>The server permits no more streams now: try again after <see cref="Http3EventKind.RequestsAvailable"/>.</summary>
    TooManyRequests,

    /// <summary>The server's settings do not offer extended CONNECT; RFC 9220 §3.</summary>
    ExtendedConnectNotSupported,

    /// <summary>The head is larger than the server takes; RFC 9114 §4.2.2.</summary>
    FieldsTooLarge,

    /// <summary>The connection is closed or winding down: use another.</summary>
    GoingAway,
}
