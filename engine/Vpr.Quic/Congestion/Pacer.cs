using Vpr.Io;

namespace Vpr.Quic.Congestion;

/// <summary>Spreads a window over its round trip: a bucket of bytes that fills at a little more than the window's rate.</summary>
/// <remarks>RFC 9002 §7.7</remarks>
internal struct Pacer
{
    // RFC 9002 §7.7 suggests N = 1.25; slow start needs twice the rate, since the window doubles within the round trip.
    private const double AvoidanceGain = 1.25;
    private const double SlowStartGain = 2;

    // A loop wakes up about this late; less credit than the rate fills meanwhile would cost throughput.
    private static readonly TimeSpan WakeUpDelay = TimeSpan.FromMilliseconds(2);

    private double _credit;
    private double _capacity;
    private double _bytesPerSecond;
    private Instant _filledAt;

    /// <summary>The rate in bytes per second, for what is sent next.</summary>
    public readonly double BytesPerSecond => _bytesPerSecond;

    /// <summary>Begins with a full burst.</summary>
    public void Start(Instant now, ulong window, TimeSpan smoothedRtt, bool slowStart, int maxDatagramSize)
    {
        this = new Pacer { _filledAt = now };
        SetRate(window, smoothedRtt, slowStart, maxDatagramSize);
        _credit = _capacity;
    }

    /// <summary>Fills the bucket up to now at the rate so far, then takes the rate that follows from the window.</summary>
    public void Update(Instant now, ulong window, TimeSpan smoothedRtt, bool slowStart, int maxDatagramSize)
    {
        if (now > _filledAt)
        {
            _credit = Math.Min(_capacity, _credit + (now.Nanoseconds - _filledAt.Nanoseconds) * 1e-9 * _bytesPerSecond);
            _filledAt = now;
        }

        SetRate(window, smoothedRtt, slowStart, maxDatagramSize);
    }

    /// <summary>Takes <paramref name="size"/> bytes out; the bucket may go below empty by what had to be sent regardless.</summary>
    public void OnPacketSent(int size) => _credit = _credit - size < -_capacity ? -_capacity : _credit - size;

    /// <summary>When <paramref name="size"/> bytes may be sent: not after the last update means now.</summary>
    public readonly Instant ReadyAt(int size)
    {
        double wanted = Math.Min(size, _capacity);
        if (_credit >= wanted) return _filledAt;
        // Rounded up and a tick of 100 ns more, or the caller could come back too early for ever.
        double ticks = Math.Ceiling((wanted - _credit) / _bytesPerSecond * TimeSpan.TicksPerSecond) + 1;
        return _filledAt + TimeSpan.FromTicks((long)Math.Min(ticks, TimeSpan.TicksPerHour));
    }

    private void SetRate(ulong window, TimeSpan smoothedRtt, bool slowStart, int maxDatagramSize)
    {
        double seconds = Math.Max(smoothedRtt.TotalSeconds, 1e-6);
        _bytesPerSecond = (slowStart ? SlowStartGain : AvoidanceGain) * window / seconds;
        _capacity = Math.Max(CongestionWindow.Initial(maxDatagramSize), _bytesPerSecond * WakeUpDelay.TotalSeconds);
    }
}
