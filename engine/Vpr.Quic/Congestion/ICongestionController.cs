using Vpr.Io;

namespace Vpr.Quic.Congestion;

/// <summary>A round-trip time that an acknowledgement measured.</summary>
/// <param name="Time">The round-trip time, the peer's delay included.</param>
/// <param name="TimeSent">When the packet that measured it was sent.</param>
internal readonly record struct RttSample(TimeSpan Time, Instant TimeSent);

/// <summary>The state of the path when an acknowledgement was processed.</summary>
/// <param name="Now">When it arrived.</param>
/// <param name="SmoothedRtt">smoothed_rtt, this acknowledgement included.</param>
/// <param name="Flight">Bytes that were in flight when a packet was last sent, or the window when only the pacer kept them from being more.</param>
/// <param name="Sample">What it measured, if it did.</param>
internal readonly record struct AcknowledgementFacts(Instant Now, TimeSpan SmoothedRtt, ulong Flight, RttSample? Sample);

/// <summary>A congestion algorithm: it is told facts and owns its window.</summary>
/// <remarks>RFC 9002 §7. Implemented by structs, so that the recovery is compiled for each without a virtual call.</remarks>
internal interface ICongestionController
{
    /// <summary>The congestion window in bytes.</summary>
    ulong Window { get; }

    /// <summary>Whether the window doubles each round trip.</summary>
    bool InSlowStart { get; }

    /// <summary>Begins, or begins again on a new path.</summary>
    /// <param name="maxDatagramSize">max_datagram_size: the largest UDP payload, in bytes.</param>
    void Start(int maxDatagramSize);

    /// <summary>The largest UDP payload changed to <paramref name="maxDatagramSize"/> bytes.</summary>
    void OnMaxDatagramSizeChanged(int maxDatagramSize);

    /// <summary>A packet in flight was acknowledged for the first time; <see cref="OnAcknowledgement"/> follows once for all of them.</summary>
    void OnPacketAcknowledged(Instant timeSent, int size);

    /// <summary>All packets of an acknowledgement, and the losses it revealed, were told.</summary>
    void OnAcknowledgement(in AcknowledgementFacts facts);

    /// <summary>Packets were lost, or marked on their way.</summary>
    /// <param name="now">When that was learned.</param>
    /// <param name="timeSent">When the newest of those packets was sent.</param>
    void OnCongestion(Instant now, Instant timeSent);

    /// <summary>Nothing got through for longer than the persistent congestion duration; RFC 9002 §7.6.</summary>
    void OnPersistentCongestion();
}
