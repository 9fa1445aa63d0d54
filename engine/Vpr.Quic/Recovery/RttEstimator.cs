namespace Vpr.Quic.Recovery;

/// <summary>What is known of a path's round-trip time.</summary>
/// <remarks>RFC 9002 §5</remarks>
internal struct RttEstimator
{
    /// <summary>The system timer granularity that the recovery's formulas assume.</summary>
    /// <remarks>kGranularity, RFC 9002 §6.1.2</remarks>
    public static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(1);

    /// <summary>The round-trip time assumed before the first sample.</summary>
    /// <remarks>kInitialRtt, RFC 9002 §6.2.2</remarks>
    public static readonly TimeSpan InitialRtt = TimeSpan.FromMilliseconds(333);

    /// <summary>An estimator without a sample.</summary>
    public RttEstimator()
    {
        // RFC 9002 §5.3: before the first sample the initial guess and half of it.
        Smoothed = InitialRtt;
        Variation = InitialRtt / 2;
    }

    /// <summary>The latest sample, unadjusted.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>The smallest sample of the path.</summary>
    public TimeSpan Min { get; private set; }

    /// <summary>smoothed_rtt.</summary>
    public TimeSpan Smoothed { get; private set; }

    /// <summary>rttvar.</summary>
    public TimeSpan Variation { get; private set; }

    /// <summary>Whether there was a sample.</summary>
    public bool HasSample { get; private set; }

    /// <summary>The time after which a packet without acknowledgement is probed for, without the peer's delay and back-off.</summary>
    /// <remarks>RFC 9002 §6.2.1</remarks>
    public readonly TimeSpan ProbeTimeout => Smoothed + Max(new TimeSpan(Variation.Ticks * 4), Granularity);

    /// <summary>Takes a sample.</summary>
    /// <param name="latest">From sending the largest newly acknowledged packet to now.</param>
    /// <param name="ackDelay">What the peer says it waited, already limited to its max_ack_delay when that binds, and zero for Initial packets.</param>
    public void Update(TimeSpan latest, TimeSpan ackDelay)
    {
        if (latest < TimeSpan.Zero) latest = TimeSpan.Zero;
        Latest = latest;
        if (!HasSample)
        {
            HasSample = true;
            Min = Smoothed = latest;
            Variation = latest / 2;
            return;
        }

        // RFC 9002 §5.2: min_rtt ignores the peer's delay; §5.3: the delay is not believed when it would undercut min_rtt.
        if (latest < Min) Min = latest;
        TimeSpan adjusted = latest >= Min + ackDelay ? latest - ackDelay : latest;
        // In ticks: TimeSpan's own operators go by way of floating point.
        Variation = new TimeSpan((Variation.Ticks * 3 + Math.Abs(Smoothed.Ticks - adjusted.Ticks)) / 4);
        Smoothed = new TimeSpan((Smoothed.Ticks * 7 + adjusted.Ticks) / 8);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
