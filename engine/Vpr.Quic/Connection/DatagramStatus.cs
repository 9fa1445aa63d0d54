namespace Vpr.Quic;

/// <summary>What became of a payload given to <c>TransmitDatagram</c>.</summary>
public enum DatagramStatus : byte
{
    /// <summary>The packet is written and protected, and counts as sent.</summary>
    Sent,

    /// <summary>Congestion control or the pacer forbids it now: ask again at the connection's next timeout or after the next received datagram.</summary>
    Blocked,

    /// <summary>The payload is longer than <c>MaxDatagramPayload</c>.</summary>
    TooLarge,

    /// <summary>No 1-RTT keys yet, DATAGRAM not negotiated, or the connection is closed.</summary>
    NotReady,
}
