namespace Vpr.Quic;

/// <summary>What a connection measured so far; a snapshot.</summary>
public readonly record struct TransportStatistics
{
    /// <summary>The exponentially weighted round-trip time; RFC 9002 §5.3. The initial guess until <see cref="HasRttSample"/>.</summary>
    public TimeSpan SmoothedRtt { get; init; }

    /// <summary>The mean deviation of the round-trip time.</summary>
    public TimeSpan RttVariation { get; init; }

    /// <summary>The smallest round-trip time seen.</summary>
    public TimeSpan MinRtt { get; init; }

    /// <summary>The latest sample.</summary>
    public TimeSpan LatestRtt { get; init; }

    /// <summary>Whether any acknowledgement has given a sample.</summary>
    public bool HasRttSample { get; init; }

    /// <summary>The congestion window in bytes.</summary>
    public ulong CongestionWindow { get; init; }

    /// <summary>Bytes sent that are neither acknowledged nor lost.</summary>
    public ulong BytesInFlight { get; init; }

    /// <summary>The largest UDP payload known to pass, in bytes.</summary>
    public int MaxUdpPayload { get; init; }

    /// <summary>UDP payload bytes given out by Transmit and TransmitDatagram.</summary>
    public ulong BytesSent { get; init; }

    /// <summary>UDP payload bytes received, before any was judged.</summary>
    public ulong BytesReceived { get; init; }

    /// <summary>QUIC packets sent.</summary>
    public ulong PacketsSent { get; init; }

    /// <summary>QUIC packets that authenticated.</summary>
    public ulong PacketsReceived { get; init; }

    /// <summary>Sent packets declared lost; RFC 9002 §6.1.</summary>
    public ulong PacketsLost { get; init; }

    /// <summary>Received packets dropped unread: no key yet, authentication failed, malformed or duplicate.</summary>
    public ulong PacketsDropped { get; init; }

    /// <summary>DATAGRAM frames sent.</summary>
    public ulong DatagramsSent { get; init; }

    /// <summary>DATAGRAM frames received.</summary>
    public ulong DatagramsReceived { get; init; }

    /// <summary>Key updates of either side; RFC 9001 §6.</summary>
    public ulong KeyUpdates { get; init; }

    /// <summary>Changes of the peer's address that were followed.</summary>
    public ulong PathChanges { get; init; }
}
