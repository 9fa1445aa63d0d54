using Vpr.Io;

namespace Vpr.Quic.Recovery;

/// <summary>Looks, over packets visited in the order they were sent, for the longest time in which nothing got through.</summary>
/// <remarks>RFC 9002 §7.6.2, with the state of the acknowledged packet number space alone, as that section allows.</remarks>
/// <param name="firstRttSample">When the first RTT sample was taken; packets sent before it do not count.</param>
internal struct PersistentCongestionDetector(Instant firstRttSample)
{
    private Instant _first = Instant.Never;

    /// <summary>The longest time between two lost ack-eliciting packets with no acknowledged one between them.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>The next packet was lost and was ack-eliciting.</summary>
    public void OnLost(Instant timeSent)
    {
        if (timeSent <= firstRttSample) return;
        if (_first == Instant.Never) _first = timeSent;
        else if (timeSent - _first > Longest) Longest = timeSent - _first;
    }

    /// <summary>The next packet was acknowledged.</summary>
    public void OnAcknowledged() => _first = Instant.Never;
}
