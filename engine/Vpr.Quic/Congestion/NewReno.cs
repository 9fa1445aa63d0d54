using Vpr.Io;

namespace Vpr.Quic.Congestion;

/// <summary>The congestion control that RFC 9002 itself describes.</summary>
/// <remarks>RFC 9002 §7.3 and appendix B</remarks>
internal struct NewReno : ICongestionController
{
    private int _maxDatagramSize;
    private ulong _slowStartThreshold;
    private ulong _acknowledged;
    private ulong _avoidanceCredit;
    private Instant _recoveryStart;
    private bool _hasRecovered;

    /// <inheritdoc/>
    public ulong Window { get; private set; }

    /// <inheritdoc/>
    public readonly bool InSlowStart => Window < _slowStartThreshold;

    /// <inheritdoc/>
    public void Start(int maxDatagramSize) => this = new NewReno
    {
        _maxDatagramSize = maxDatagramSize,
        _slowStartThreshold = ulong.MaxValue,
        Window = CongestionWindow.Initial(maxDatagramSize),
    };

    /// <inheritdoc/>
    public void OnMaxDatagramSizeChanged(int maxDatagramSize)
    {
        _maxDatagramSize = maxDatagramSize;
        Window = Math.Max(Window, CongestionWindow.Minimum(maxDatagramSize));
    }

    /// <inheritdoc/>
    public void OnPacketAcknowledged(Instant timeSent, int size)
    {
        // RFC 9002 §7.3.2: the window does not grow on packets sent before recovery began.
        if (!_hasRecovered || timeSent > _recoveryStart) _acknowledged += (ulong)size;
    }

    /// <inheritdoc/>
    public void OnAcknowledgement(in AcknowledgementFacts facts)
    {
        ulong acknowledged = _acknowledged;
        _acknowledged = 0;
        if (acknowledged == 0 || !CongestionWindow.IsUtilized(Window, facts.Flight, InSlowStart, _maxDatagramSize)) return;
        if (InSlowStart)
        {
            Window += acknowledged;
            return;
        }

        // RFC 9002 §7.3.3: at most one datagram for each window acknowledged; the rest of a division is kept for the next time.
        _avoidanceCredit += acknowledged;
        while (_avoidanceCredit >= Window)
        {
            _avoidanceCredit -= Window;
            Window += (ulong)_maxDatagramSize;
        }
    }

    /// <inheritdoc/>
    public void OnCongestion(Instant now, Instant timeSent)
    {
        if (_hasRecovered && timeSent <= _recoveryStart) return;
        _hasRecovered = true;
        _recoveryStart = now;
        _acknowledged = 0;
        _avoidanceCredit = 0;
        _slowStartThreshold = Math.Max(Window / 2, CongestionWindow.Minimum(_maxDatagramSize));
        Window = _slowStartThreshold;
    }

    /// <inheritdoc/>
    public void OnPersistentCongestion()
    {
        Window = CongestionWindow.Minimum(_maxDatagramSize);
        _hasRecovered = false;
        _acknowledged = 0;
        _avoidanceCredit = 0;
    }
}
