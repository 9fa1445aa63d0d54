namespace Vpr.Quic;

/// <summary>Who or what ended a connection.</summary>
public enum CloseSource : byte
{
    /// <summary>It is not closed.</summary>
    None,

    /// <summary>Our application: the code is its own.</summary>
    LocalApplication,

    /// <summary>Our transport: the code is a <see cref="TransportErrorCode"/>, and the peer or the network caused it.</summary>
    LocalTransport,

    /// <summary>The peer's application: the code is its own.</summary>
    PeerApplication,

    /// <summary>The peer's transport: the code is a <see cref="TransportErrorCode"/>.</summary>
    PeerTransport,

    /// <summary>Nothing was heard for the idle timeout; RFC 9000 §10.1.</summary>
    IdleTimeout,

    /// <summary>The handshake did not complete in time.</summary>
    HandshakeTimeout,

    /// <summary>The peer lost its state and said so; RFC 9000 §10.3.</summary>
    StatelessReset,

    /// <summary>The server speaks no version that we speak; RFC 9000 §6.2.</summary>
    VersionNegotiation,
}
