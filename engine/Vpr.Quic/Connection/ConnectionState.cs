namespace Vpr.Quic;

/// <summary>How far a connection is; it only ever moves forward.</summary>
/// <remarks>RFC 9000 §10, RFC 9001 §4.1</remarks>
internal enum ConnectionState : byte
{
    /// <summary>TLS is not complete.</summary>
    Handshaking,

    /// <summary>TLS is complete at this end.</summary>
    Completed,

    /// <summary>TLS is known to be complete at both ends; RFC 9001 §4.1.2.</summary>
    Confirmed,

    /// <summary>We closed: the peer is told again when it goes on talking; RFC 9000 §10.2.1.</summary>
    Closing,

    /// <summary>The peer closed: nothing is sent any more; RFC 9000 §10.2.2.</summary>
    Draining,

    /// <summary>Nothing is left to do, and all keys are erased.</summary>
    Closed,
}
