using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Finds the largest UDP payload that a path carries, by packets that may be lost without harm.</summary>
/// <remarks>
/// DPLPMTUD, RFC 8899 and RFC 9000 §14.3. The search tries the largest size first, since most paths carry it, and then halves what is left.
/// A path that stops carrying what it carried (a black hole, RFC 8899 §4.3) falls back to the size that QUIC may always use.
/// </remarks>
internal sealed class PathMtuDiscovery
{
    /// <summary>What every QUIC path carries.</summary>
    /// <remarks>RFC 9000 §14</remarks>
    public const int BaseSize = 1200;

    // MAX_PROBES of RFC 8899 §5.1.2.
    private const int MaxProbes = 3;

    // A search ends when less than this could still be gained.
    private const int Resolution = 16;

    // Probe timeouts in a row, or large packets lost without one that arrived, after which their size is presumed to be the reason.
    // To be wrong costs little: the search begins again at once.
    private const int BlackHoleTimeouts = 3;
    private const int BlackHoleLosses = 8;

    // PMTU_RAISE_TIMER of RFC 8899 §5.1.1.
    private static readonly TimeSpan RaiseInterval = TimeSpan.FromSeconds(600);

    private readonly bool _enabled;
    private int _ceiling;
    private int _failing;
    private int _probeSize;
    private int _probesLost;
    private bool _probeInFlight;
    private int _largeLost;
    private Instant _searchAgainAt = Instant.Never;

    /// <summary>Starts at the options' initial size.</summary>
    /// <param name="options">Initial and largest size, and whether to probe at all.</param>
    /// <param name="peerMaxUdpPayload">The peer's max_udp_payload_size as far as known, in bytes.</param>
    public PathMtuDiscovery(TransportOptions options, int peerMaxUdpPayload)
    {
        _enabled = options.DiscoverPathMtu;
        _ceiling = Math.Min(options.MaxUdpPayload, peerMaxUdpPayload);
        Current = Math.Min(options.InitialMaxUdpPayload, _ceiling);
        StartSearch();
    }

    /// <summary>The largest UDP payload to be sent, in bytes.</summary>
    public int Current { get; private set; }

    /// <summary>When a search begins again; <see cref="Instant.Never"/> while one runs or none is wanted.</summary>
    public Instant Deadline => _enabled ? _searchAgainAt : Instant.Never;

    /// <summary>Whether a probe should be sent now.</summary>
    /// <param name="size">Its UDP payload in bytes.</param>
    public bool TryGetProbe(out int size)
    {
        size = _probeSize;
        return _enabled && !_probeInFlight && _probeSize > Current;
    }

    /// <summary>The probe was sent.</summary>
    public void OnProbeSent() => _probeInFlight = true;

    /// <summary>A probe of <paramref name="size"/> bytes arrived.</summary>
    /// <returns>Whether <see cref="Current"/> grew.</returns>
    public bool OnProbeAcknowledged(Instant now, int size)
    {
        _probeInFlight = false;
        _probesLost = 0;
        if (size <= Current) return false;
        Current = size;
        NextProbe(now);
        return true;
    }

    /// <summary>A probe of <paramref name="size"/> bytes was lost.</summary>
    public void OnProbeLost(Instant now, int size)
    {
        _probeInFlight = false;
        if (size != _probeSize || ++_probesLost < MaxProbes) return;
        _failing = size;
        _probesLost = 0;
        NextProbe(now);
    }

    /// <summary>Takes the limit that the peer declared.</summary>
    public void SetPeerLimit(int peerMaxUdpPayload)
    {
        _ceiling = Math.Min(_ceiling, peerMaxUdpPayload);
        Current = Math.Min(Current, _ceiling);
        StartSearch();
    }

    /// <summary>Begins the search again when its time has come.</summary>
    public void OnTimeout(Instant now)
    {
        if (now < _searchAgainAt) return;
        _searchAgainAt = Instant.Never;
        StartSearch();
    }

    /// <summary>An ordinary packet of <paramref name="size"/> bytes arrived.</summary>
    public void OnPacketAcknowledged(int size)
    {
        if (size > BaseSize) _largeLost = 0;
    }

    /// <summary>An ordinary packet of <paramref name="size"/> bytes was lost.</summary>
    /// <returns>Whether <see cref="Current"/> shrank.</returns>
    public bool OnPacketLost(int size) => size > BaseSize && ++_largeLost >= BlackHoleLosses && FallBack();

    /// <summary>The probe timeout expired <paramref name="count"/> times in a row.</summary>
    /// <returns>Whether <see cref="Current"/> shrank.</returns>
    public bool OnProbeTimeout(int count) => count >= BlackHoleTimeouts && FallBack();

    private bool FallBack()
    {
        _largeLost = 0;
        if (Current <= BaseSize) return false;
        Current = BaseSize;
        _probeInFlight = false;
        _searchAgainAt = Instant.Never;
        StartSearch();
        return true;
    }

    private void StartSearch()
    {
        _failing = _ceiling + 1;
        _probesLost = 0;
        _probeSize = _ceiling;
    }

    private void NextProbe(Instant now)
    {
        int gain = _failing - Current;
        if (gain > Resolution)
        {
            _probeSize = Current + gain / 2;
            return;
        }

        _probeSize = 0;
        if (_failing <= _ceiling) _searchAgainAt = now + RaiseInterval;
    }
}
