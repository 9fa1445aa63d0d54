using Vpr.Io;

namespace Vpr.Quic.Congestion;

/// <summary>CUBIC: the window grows as a cubic function of the time since the last reduction, around the window where that happened.</summary>
/// <remarks>RFC 9438, with the end of slow start by RFC 9406. Windows are kept in bytes and divided by the datagram size where the RFC counts segments.</remarks>
internal struct Cubic : ICongestionController
{
    /// <summary>How fast the cubic grows; RFC 9438 §5.1.</summary>
    internal const double C = 0.4;

    /// <summary>What a congestion event leaves of the window; RFC 9438 §4.6.</summary>
    internal const double Beta = 0.7;

    /// <summary>The Reno-friendly increase that balances <see cref="Beta"/>; RFC 9438 §4.3.</summary>
    internal const double Alpha = 3 * (1 - Beta) / (1 + Beta);

    private int _maxDatagramSize;
    private double _window;
    private double _slowStartThreshold;
    private ulong _acknowledged;
    private Instant _recoveryStart;
    private bool _hasRecovered;
    private HyStart _hyStart;

    private bool _hasEpoch;
    private Instant _epochStart;
    private Instant _lastAcknowledgement;
    private double _windowMax;
    private double _windowPrior;
    private double _windowEstimate;
    private double _timeToMax;

    /// <inheritdoc/>
    public readonly ulong Window => (ulong)_window;

    /// <inheritdoc/>
    public readonly bool InSlowStart => _window < _slowStartThreshold;

    /// <inheritdoc/>
    public void Start(int maxDatagramSize) => this = new Cubic
    {
        _maxDatagramSize = maxDatagramSize,
        _slowStartThreshold = double.PositiveInfinity,
        _window = CongestionWindow.Initial(maxDatagramSize),
    };

    /// <inheritdoc/>
    public void OnMaxDatagramSizeChanged(int maxDatagramSize)
    {
        _maxDatagramSize = maxDatagramSize;
        _window = Math.Max(_window, CongestionWindow.Minimum(maxDatagramSize));
    }

    /// <inheritdoc/>
    public void OnPacketAcknowledged(Instant timeSent, int size)
    {
        if (!_hasRecovered || timeSent > _recoveryStart) _acknowledged += (ulong)size;
    }

    /// <inheritdoc/>
    public void OnAcknowledgement(in AcknowledgementFacts facts)
    {
        ulong acknowledged = _acknowledged;
        _acknowledged = 0;
        Instant previous = _lastAcknowledgement;
        _lastAcknowledgement = facts.Now;
        // RFC 9406 §4.3: in the first slow start alone, for later ones know where to end.
        bool leaves = double.IsPositiveInfinity(_slowStartThreshold) && _hyStart.OnAcknowledgement(facts);
        if (leaves) _slowStartThreshold = _window;
        if (acknowledged == 0) return;
        if (!CongestionWindow.IsUtilized(Window, facts.Flight, InSlowStart, _maxDatagramSize))
        {
            // RFC 9438 §5.8: time in which the application sent less than the window does not count as growth.
            if (_hasEpoch) _epochStart += facts.Now - previous;
            return;
        }

        if (InSlowStart)
        {
            _window += _hyStart.Growth(acknowledged);
            return;
        }

        if (!_hasEpoch) BeginEpoch(facts.Now);
        Grow(acknowledged, (facts.Now - _epochStart).TotalSeconds, facts.SmoothedRtt.TotalSeconds);
    }

    /// <inheritdoc/>
    public void OnCongestion(Instant now, Instant timeSent)
    {
        if (_hasRecovered && timeSent <= _recoveryStart) return;
        _hasRecovered = true;
        _recoveryStart = now;
        _acknowledged = 0;

        // RFC 9438 §4.7: a window that did not reach its last maximum gives way to newcomers.
        _windowMax = _window < _windowMax ? _window * (1 + Beta) / 2 : _window;
        _windowPrior = _window;
        _slowStartThreshold = Math.Max(_window * Beta, CongestionWindow.Minimum(_maxDatagramSize));
        _window = _slowStartThreshold;
        _hasEpoch = false;
    }

    /// <inheritdoc/>
    public void OnPersistentCongestion()
    {
        // RFC 9438 §4.8: the next congestion avoidance begins with the cubic's plateau where slow start ends.
        _window = CongestionWindow.Minimum(_maxDatagramSize);
        _windowMax = 0;
        _hasRecovered = false;
        _acknowledged = 0;
        _hasEpoch = false;
    }

    /// <summary>RFC 9438 §4.2: what a congestion avoidance stage begins with.</summary>
    private void BeginEpoch(Instant now)
    {
        _hasEpoch = true;
        _epochStart = now;
        _windowEstimate = _window;
        if (_window >= _windowMax)
        {
            _windowMax = _window;
            _timeToMax = 0;
            return;
        }

        // Figure 2: K is the time the cubic takes from the reduced window back to the maximum.
        _timeToMax = Math.Cbrt((_windowMax - _window) / _maxDatagramSize / C);
    }

    private void Grow(ulong acknowledged, double sinceEpoch, double rtt)
    {
        // RFC 9438 §4.3: W_est follows what Reno would have; it grows by a whole segment once it is past the window before the reduction.
        double alpha = _windowEstimate < _windowPrior ? Alpha : 1;
        _windowEstimate += alpha * _maxDatagramSize * (acknowledged / _window);
        if (CubicWindow(sinceEpoch) < _windowEstimate)
        {
            _window = Math.Max(_window, _windowEstimate);
            return;
        }

        // RFC 9438 §4.2, §4.4 and §4.5: toward where the cubic will be in a round trip, by at most half the window.
        double target = Math.Clamp(CubicWindow(sinceEpoch + rtt), _window, _window * 1.5);
        _window += (target - _window) * (acknowledged / _window);
    }

    /// <summary>RFC 9438 figure 1, in bytes.</summary>
    private readonly double CubicWindow(double time)
    {
        double distance = time - _timeToMax;
        return C * distance * distance * distance * _maxDatagramSize + _windowMax;
    }
}
