using Vpr.Client.Control;
using Vpr.Client.Network;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Hosting.Loop;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Tunnel;

namespace Vpr.Client.Loop;

/// <summary>The client's loop: keeps one tunnel up, over as many connections as it takes.</summary>
/// <remarks>
/// The interface, its addresses and its routes are made when the first connection has a tunnel, and stay while later ones are made: inner
/// connections outlive an outage, and nothing leaves by another way meanwhile.
/// </remarks>
internal sealed class ClientLoop : TunnelLoop, ITunnelHandler, IDisposable
{
    private readonly ClientProfile _profile;
    private readonly UdpEndpoint _server;
    private readonly string _interfaceName;
    private readonly TunnelRoutes _routes;
    private readonly TaskCompletionSource<TunnelStatus> _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReconnectDelay _delay = new();
    private ConnectionAttempt? _attempt;
    private TunDevice? _device;
    private Instant? _retryAt;
    private Instant _handshakeAt;
    private TimeSpan _handshakeTime;
    private TunnelCounters _former;
    private string[] _addresses = [];
    private int _reconnects;
    private string? _lastError;

    /// <summary>A loop over what the process has set up; it owns none of it.</summary>
    public ClientLoop(
        LoopPoller poller, UdpDatagramSocket socket, Mailbox mailbox, ClientProfile profile, UdpEndpoint server, string interfaceName, TunnelRoutes routes)
        : base(poller, socket, new QuicEndpoint(new EndpointOptions { Random = OsRandomSource.Instance }), mailbox)
    {
        _profile = profile;
        _server = server;
        _interfaceName = interfaceName;
        _routes = routes;
    }

    /// <summary>Completes when the tunnel is up for the first time; fails with a <see cref="HostException"/> when it cannot be.</summary>
    public Task<TunnelStatus> Established => _established.Task;

    /// <summary>Completes when the host is as it was.</summary>
    public Task Finished => _finished.Task;

    /// <inheritdoc/>
    protected override Instant? NextTimer => _retryAt;

    /// <summary>Ends the tunnel; any thread may call it.</summary>
    public void RequestStop() => Mailbox.Post(() =>
    {
        _attempt?.Close();
        Stop();
    });

    /// <summary>A snapshot; any thread may ask.</summary>
    public Task<TunnelStatus> AskStatusAsync() => Mailbox.AskAsync(() => Status(MonotonicClock.Now));

    /// <inheritdoc/>
    public void Dispose()
    {
        _attempt?.Dispose();
        Endpoint.Dispose();
    }

    void ITunnelHandler.OnPacket(TunnelSession session, Span<byte> packet) => DeliverPacket(packet);

    void ITunnelHandler.OnConfigured(TunnelSession session)
    {
        // Told within a capsule; the tunnel is looked at once its round is through.
    }

    /// <inheritdoc/>
    protected override void OnStarted(Instant now) => Connect(now);

    /// <inheritdoc/>
    protected override void OnFinished()
    {
        Detach();
        _routes.RemoveRules();
        _device?.Dispose();
        _established.TrySetCanceled();
        _finished.TrySetResult();
    }

    /// <inheritdoc/>
    protected override void OnDeviceLost()
    {
        _finished.TrySetException(DeviceLost());
        _attempt?.Close();
        Stop();
    }

    /// <inheritdoc/>
    protected override void OnAccepted(Instant now, QuicConnection connection) => connection.Close(0, default);

    /// <inheritdoc/>
    protected override void OnEvents(Instant now, QuicConnection connection)
    {
        if (_attempt is not { } attempt || attempt.Connection != connection) return;
        attempt.Process();
        if (attempt.Failure is { } failure) Fail(now, failure);
        else if (attempt.IsUp) Follow(now, attempt);
    }

    /// <inheritdoc/>
    protected override TunnelSession? Route(ReadOnlySpan<byte> packet, in PacketSlot facts) => _attempt is { IsUp: true } attempt ? attempt.Session : null;

    /// <inheritdoc/>
    protected override bool TrySendQueued(Instant now, Span<byte> slot, ref PacketSlot packet) =>
        _attempt is { IsUp: true } attempt && attempt.Session.TrySendQueued(now, slot, ref packet);

    /// <inheritdoc/>
    protected override void OnTimer(Instant now)
    {
        if (_retryAt is { } due && due <= now) Connect(now);
    }

    private HostException DeviceLost() =>
        new(ExitCode.NetworkChangeFailed, $"Somebody removed the interface {_interfaceName}: the tunnel is down.");

    private void Connect(Instant now)
    {
        _retryAt = null;
        _handshakeAt = now;
        _attempt = new ConnectionAttempt(now, Endpoint, new DatagramPath(default, _server), _profile, this);
    }

    private void Follow(Instant now, ConnectionAttempt attempt)
    {
        if (!attempt.IsAnnounced)
        {
            attempt.IsAnnounced = true;
            _handshakeTime = now - _handshakeAt;
            _handshakeAt = now;
            _lastError = null;
            _delay.Reset();
        }

        if (_device is null) BringUp(now, attempt);
        else if (_device.Mtu != attempt.Session.Mtu) _device.SetMtu(attempt.Session.Mtu);
    }

    private void BringUp(Instant now, ConnectionAttempt attempt)
    {
        if (attempt.ClockFault() is { } fault)
        {
            Abandon(fault);
            return;
        }

        try
        {
            _addresses = attempt.Addresses.Select(address => address.ToString()).ToArray();
            var options = new TunOptions { Name = _interfaceName, Mtu = attempt.Session.Mtu, Offloads = _profile.Offloads.Device };
            _device = Handover.Take(() => TunDevice.Open(options), LinuxErrorCode.EBUSY, CancellationToken.None);
            _routes.Apply(_interfaceName, attempt.Addresses, _profile.Routes);
            Attach(_device);
            _established.TrySetResult(Status(now));
        }
        catch (LinuxException fault2)
        {
            Abandon(new HostException(ExitCode.NetworkChangeFailed, $"The network cannot be set up: {fault2.Message}.", fault2));
        }
    }

    private void Fail(Instant now, HostException failure)
    {
        _lastError = failure.Message;
        Keep(_attempt!);
        _attempt!.Dispose();
        _attempt = null;
        if (_device is null)
        {
            Abandon(failure);
            return;
        }

        _reconnects++;
        _retryAt = now + _delay.Next();
    }

    private void Abandon(HostException failure)
    {
        _attempt?.Close();
        _established.TrySetException(failure);
        Stop();
    }

    private void Keep(ConnectionAttempt attempt)
    {
        _former.BytesSent += attempt.Session.Counters.BytesSent;
        _former.BytesReceived += attempt.Session.Counters.BytesReceived;
        _former.SendDrops += attempt.Session.Counters.SendDrops;
        _former.QueueDrops += attempt.Session.Counters.QueueDrops;
        _former.QueueMarks += attempt.Session.Counters.QueueMarks;
    }

    private TunnelStatus Status(Instant now)
    {
        TransportStatistics transport = _attempt?.Connection.Statistics ?? default;
        TunnelCounters tunnel = _attempt?.Session.Counters ?? default;
        return new TunnelStatus
        {
            Up = _attempt is { IsUp: true },
            Interface = _interfaceName,
            Endpoint = _server.ToString(),
            Addresses = _addresses,
            Mtu = _device?.Mtu ?? 0,
            HandshakeMilliseconds = _handshakeTime.TotalMilliseconds,
            HandshakeAgeSeconds = (now - _handshakeAt).TotalSeconds,
            Reconnects = _reconnects,
            BytesSent = _former.BytesSent + tunnel.BytesSent,
            BytesReceived = _former.BytesReceived + tunnel.BytesReceived,
            RttMilliseconds = transport.SmoothedRtt.TotalMilliseconds,
            PacketsSent = transport.PacketsSent,
            PacketsLost = transport.PacketsLost,
            PacketsDropped = _former.SendDrops + _former.QueueDrops + tunnel.SendDrops + tunnel.QueueDrops,
            PacketsMarked = _former.QueueMarks + tunnel.QueueMarks,
            Gen0Collections = GC.CollectionCount(0),
            LastError = _lastError,
        };
    }
}
