namespace Vpr.Quic;

/// <summary>What one end of a connection offers and permits: most of it becomes its transport parameters.</summary>
/// <remarks>RFC 9000 §18.2. A value outside its range throws when the connection is made.</remarks>
public sealed record TransportOptions
{
    /// <summary>Silence after which the connection is over, or zero for never; the smaller of both ends' values counts. RFC 9000 §10.1.</summary>
    public TimeSpan MaxIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A PING is sent when nothing was for this long, so that NAT bindings and the idle timeout stay alive; zero for none.</summary>
    public TimeSpan KeepAliveInterval { get; init; }

    /// <summary>Bytes the peer may have outstanding on all streams together; it is what stream reassembly may cost.</summary>
    public ulong InitialMaxData { get; init; } = 8 << 20;

    /// <summary>Bytes the peer may have outstanding on one stream.</summary>
    public ulong InitialMaxStreamData { get; init; } = 2 << 20;

    /// <summary>Two-way streams the peer may have open at once, 0 to 2^60.</summary>
    public ulong MaxBidirectionalStreams { get; init; } = 128;

    /// <summary>One-way streams the peer may have open at once, 0 to 2^60.</summary>
    public ulong MaxUnidirectionalStreams { get; init; } = 16;

    /// <summary>Bytes of unsent and unacknowledged data that one stream holds for us before <c>Write</c> takes no more.</summary>
    public int MaxStreamSendBuffer { get; init; } = 1 << 20;

    /// <summary>The largest DATAGRAM frame we take, in bytes with type and length; 0 switches datagrams off. RFC 9221 §3.</summary>
    public int MaxDatagramFrameSize { get; init; } = 65_535;

    /// <summary>Bytes of datagrams queued by <c>TryQueueDatagram</c> before it refuses.</summary>
    public int MaxDatagramSendBuffer { get; init; } = 64 << 10;

    /// <summary>The longest we sit on an acknowledgement, under 2^14 ms. RFC 9000 §13.2.1.</summary>
    public TimeSpan MaxAckDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Ack-eliciting packets after which an acknowledgement goes out at once, 1 or more. RFC 9000 §13.2.2 recommends 2.</summary>
    public int AckElicitingThreshold { get; init; } = 2;

    /// <summary>Whether the peer may say how often it is acknowledged. draft-ietf-quic-ack-frequency §3.</summary>
    public AckFrequencyOffer AckFrequency { get; init; } = AckFrequencyOffer.AsServer;

    /// <summary>How many of our connection IDs the peer is given, and how many of its own we take, 2 to 8. RFC 9000 §5.1.1.</summary>
    public int ActiveConnectionIdLimit { get; init; } = 4;

    /// <summary>Whether the QUIC bit is greased when the peer agrees. RFC 9287.</summary>
    public bool GreaseQuicBit { get; init; } = true;

    /// <summary>Whether packets are marked ECT(0) and marks are read. RFC 9000 §13.4.</summary>
    public bool UseEcn { get; init; } = true;

    /// <summary>UDP payload bytes of the first packets, 1200 to 1472; probing goes on from there.</summary>
    public int InitialMaxUdpPayload { get; init; } = 1200;

    /// <summary>The largest UDP payload that is ever probed for or sent over IPv4, at least <see cref="InitialMaxUdpPayload"/>; over IPv6 it is 20 bytes less for the longer header. 1472 fills an Ethernet frame.</summary>
    public int MaxUdpPayload { get; init; } = 1472;

    /// <summary>Whether larger packets than the first are tried. RFC 9000 §14.3.</summary>
    public bool DiscoverPathMtu { get; init; } = true;

    /// <summary>Packets protected with one set of 1-RTT keys before they are updated, well below the AEAD's own limit. RFC 9001 §6.6.</summary>
    public ulong KeyUpdateInterval { get; init; } = 1UL << 22;
}
