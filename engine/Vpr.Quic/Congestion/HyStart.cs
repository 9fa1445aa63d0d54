using Vpr.Io;

namespace Vpr.Quic.Congestion;

/// <summary>HyStart++: ends slow start when the round-trip time begins to grow, before a queue overflows.</summary>
/// <remarks>
/// RFC 9406. When a round's smallest RTT rises, growth slows to a quarter ("conservative slow start", CSS); if the RTT stays up
/// for five rounds slow start is over, and if it falls again slow start goes on.
/// </remarks>
internal struct HyStart
{
    // RFC 9406 §4.3
    private const int SamplesInARound = 8;
    private const int MinRttDivisor = 8;
    private const int GrowthDivisor = 4;
    private const int ConservativeRounds = 5;
    private static readonly TimeSpan MinThreshold = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan MaxThreshold = TimeSpan.FromMilliseconds(16);

    private Instant _roundStart;
    private TimeSpan? _lastRoundMin;
    private TimeSpan? _roundMin;
    private TimeSpan? _baseline;
    private int _samples;
    private int _rounds;

    /// <summary>Whether growth is slowed.</summary>
    public readonly bool IsConservative => _baseline is not null;

    /// <summary>How much the window grows when <paramref name="acknowledged"/> bytes are acknowledged in slow start.</summary>
    public readonly double Growth(ulong acknowledged) => IsConservative ? (double)acknowledged / GrowthDivisor : acknowledged;

    /// <summary>Takes what an acknowledgement measured.</summary>
    /// <returns>Whether slow start is to end now.</returns>
    public bool OnAcknowledgement(in AcknowledgementFacts facts)
    {
        if (facts.Sample is not { } sample) return false;
        // A round ends when something sent in it is acknowledged.
        if (sample.TimeSent >= _roundStart && BeginRound(facts.Now)) return true;

        _samples++;
        if (_roundMin is not { } min || sample.Time < min) _roundMin = sample.Time;
        if (_samples < SamplesInARound || _roundMin is not { } current) return false;

        if (_baseline is { } baseline)
        {
            // The rise was no queue of ours.
            if (current < baseline) _baseline = null;
        }
        else if (_lastRoundMin is { } last && current >= last + Threshold(last))
        {
            _baseline = current;
            _rounds = 0;
        }

        return false;
    }

    private bool BeginRound(Instant now)
    {
        _roundStart = now;
        _lastRoundMin = _roundMin;
        _roundMin = null;
        _samples = 0;
        return _baseline is not null && ++_rounds >= ConservativeRounds;
    }

    private static TimeSpan Threshold(TimeSpan lastRoundMin)
    {
        TimeSpan part = lastRoundMin / MinRttDivisor;
        return part < MinThreshold ? MinThreshold : part > MaxThreshold ? MaxThreshold : part;
    }
}
