using Vpr.Io;

namespace Vpr.Quic;

/// <content>Deadlines: each is computed from the state, so none has to be cancelled.</content>
public sealed partial class QuicConnection
{
    private Instant _handshakeDeadline;
    private Instant _lastReceived;
    private Instant _firstSentSinceReceived;
    private Instant _lastAckElicitingSent;
    private bool _sentSinceReceived;

    /// <summary>When <see cref="OnTimeout"/> is to be called; null when nothing waits.</summary>
    /// <remarks>Valid after <see cref="Transmit"/> has returned 0.</remarks>
    public Instant? NextTimeout
    {
        get
        {
            Instant next = NextDeadline;
            return next == Instant.Never ? null : next;
        }
    }

    /// <summary>The same, with <see cref="Instant.Never"/> for none.</summary>
    internal Instant NextDeadline
    {
        get
        {
            if (_state == ConnectionState.Closed) return Instant.Never;
            if (IsClosed) return _closeDeadline;
            Instant next = Instant.Min(_recovery.NextTimeout, Instant.Min(_pacingDeadline, _datagramDeadline));
            next = Instant.Min(next, Instant.Min(_handshakeDeadline, IdleDeadline));
            next = Instant.Min(next, Instant.Min(_application.Acks.Deadline, KeepAliveDeadline));
            next = Instant.Min(next, Instant.Min(_path.Validation.Deadline, _path.Mtu.Deadline));
            return Instant.Min(next, _application.KeyPhase?.PreviousKeyExpiry ?? Instant.Never);
        }
    }

    /// <summary>The probe timeout without back-off, with the time the peer may sit on an acknowledgement.</summary>
    /// <remarks>RFC 9002 §6.2.1</remarks>
    private TimeSpan ProbeTimeout => _recovery.Rtt.ProbeTimeout + _recovery.PeerMaxAckDelay;

    private Instant IdleDeadline
    {
        get
        {
            // RFC 9000 §10.1: the smaller of both ends' values, but never less than three probe timeouts.
            TimeSpan timeout = _options.MaxIdleTimeout;
            if (_peerParameters is { MaxIdleTimeout: > 0 and var milliseconds })
            {
                TimeSpan peer = TimeSpan.FromMilliseconds(Math.Min(milliseconds, (ulong)TimeSpan.MaxValue.TotalMilliseconds / 2));
                if (timeout == TimeSpan.Zero || peer < timeout) timeout = peer;
            }

            if (timeout == TimeSpan.Zero) return Instant.Never;
            TimeSpan least = ProbeTimeout * 3;
            Instant start = _sentSinceReceived ? Instant.Max(_firstSentSinceReceived, _lastReceived) : _lastReceived;
            return start + (timeout > least ? timeout : least);
        }
    }

    private Instant KeepAliveDeadline
    {
        get
        {
            if (_options.KeepAliveInterval == TimeSpan.Zero || !IsHandshakeComplete || _application.PingRequested) return Instant.Never;
            return Instant.Max(_lastAckElicitingSent, _lastReceived) + _options.KeepAliveInterval;
        }
    }

    /// <summary>Does what is due; <see cref="Transmit"/> follows.</summary>
    /// <param name="now">The time; calling early does no harm.</param>
    public void OnTimeout(Instant now)
    {
        _now = now;
        _endpoint.OnTouched(this);
        if (IsClosed)
        {
            if (now >= _closeDeadline) Terminate();
            return;
        }

        if (now >= IdleDeadline)
        {
            // RFC 9000 §10.1: silently, for nobody has been heard.
            EndSilently(CloseSource.IdleTimeout, 0);
            return;
        }

        if (now >= _handshakeDeadline)
        {
            EndSilently(CloseSource.HandshakeTimeout, 0);
            return;
        }

        if (now >= _datagramDeadline) _datagramDeadline = Instant.Never;
        _application.KeyPhase?.Expire(now);
        if (_recovery.OnTimeout(now)) OnLossTimeout();
        if (now >= KeepAliveDeadline) _application.PingRequested = true;
        if (now >= _path.Validation.Deadline) OnPathValidationFailed();
        if (!IsClosed) _path.Mtu.OnTimeout(now);
    }

    private void OnLossTimeout()
    {
        if (_path.Mtu.OnProbeTimeout(_recovery.PtoCount)) OnMaxUdpPayloadChanged();
    }

    private void OnMaxUdpPayloadChanged()
    {
        _recovery.OnMaxDatagramSizeChanged(_path.Mtu.Current);
        Raise(new ConnectionEvent(ConnectionEventKind.PathChanged));
    }

    /// <summary>Moves to the next 1-RTT keys with the next packet sent, as soon as the protocol permits.</summary>
    /// <remarks>RFC 9001 §6.1</remarks>
    public void InitiateKeyUpdate() => _keyUpdateRequested = true;

    private bool _keyUpdateRequested;

    private void UpdateKeysIfDue()
    {
        if (_application.KeyPhase is not { } phase) return;
        if (!_keyUpdateRequested && phase.PacketsProtected < _options.KeyUpdateInterval) return;
        // RFC 9001 §6.1: not before the handshake is confirmed and the last update is acknowledged.
        if (IsConfirmed && phase.TryUpdate()) _keyUpdateRequested = false;
        else if (phase.LimitReached) Fail(TransportErrorCode.AeadLimitReached, 0, "confidentiality limit");
    }
}
