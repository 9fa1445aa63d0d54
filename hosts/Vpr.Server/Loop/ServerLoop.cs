using System.Net;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Loop;
using Vpr.Http3;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Server.Configuration;
using Vpr.Server.Control;
using Vpr.Server.Http;
using Vpr.Server.Tunnels;
using Vpr.Tunnel;

namespace Vpr.Server.Loop;

/// <summary>A loop of the server: every HTTP/3 request is the website's, but for those that prove a client's key.</summary>
internal sealed class ServerLoop : TunnelLoop, ITunnelHandler
{
    private static readonly TimeSpan s_registryInterval = TimeSpan.FromSeconds(1);

    private readonly int _index;
    private readonly HandoverInbox? _handovers;
    private readonly SessionOwners _owners;
    private readonly Http3Server _website;
    private readonly ClientAdmission _clients;
    private readonly TunnelAuthenticator _authenticator;
    private readonly ConnectIpServer _acceptor;
    private readonly SessionTable _sessions;
    private readonly TaskCompletionSource _deviceLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Instant _registryDue;
    private int _enforced;
    private ulong _packetsHandedOver;
    private ulong _handoverDrops;

    /// <summary>A loop over everything that the process has set up; it owns none of it.</summary>
    /// <param name="index">Which of the loops it is.</param>
    /// <param name="poller">Where it waits.</param>
    /// <param name="socket">Its share of the port.</param>
    /// <param name="endpoint">The QUIC connections of the socket.</param>
    /// <param name="mailbox">What others ask by.</param>
    /// <param name="handovers">Where other loops give it packets; null when there is no other.</param>
    /// <param name="owners">Whose the clients are, shared by all loops.</param>
    /// <param name="configuration">What <c>server.conf</c> says.</param>
    /// <param name="clients">Who is admitted; this loop's alone.</param>
    /// <param name="serverKey">The server's static key.</param>
    /// <param name="website">Answers requests that prove no key.</param>
    public ServerLoop(
        int index, LoopPoller poller, UdpDatagramSocket socket, QuicEndpoint endpoint, Mailbox mailbox, HandoverInbox? handovers, SessionOwners owners,
        ServerConfiguration configuration, ClientAdmission clients, X25519PrivateKey serverKey, Http3Server website)
        : base(poller, socket, endpoint, mailbox, handovers)
    {
        var pool = new AddressPool(Prefix(configuration.Pool4), Prefix(configuration.Pool6));
        _index = index;
        _handovers = handovers;
        _owners = owners;
        _website = website;
        _clients = clients;
        _sessions = new SessionTable(pool, owners, this);
        _authenticator = new TunnelAuthenticator(serverKey, clients, pool, configuration.Inner, configuration.Queue, this);
        _acceptor = new ConnectIpServer(_authenticator);
    }

    /// <summary>Completes when somebody deletes the interface: the server cannot go on then.</summary>
    public Task DeviceLost => _deviceLost.Task;

    /// <summary>The TUN queue; set before the loop runs.</summary>
    public TunDevice? Device { get; set; }

    /// <summary>How the loop moves packets, in words.</summary>
    public string Io => Backend;

    /// <inheritdoc/>
    protected override Instant? NextTimer => _registryDue;

    /// <summary>Ends the loop and with it all tunnels; any thread may call it.</summary>
    public void RequestStop() => Mailbox.Post(() =>
    {
        foreach (TunnelSession session in _sessions.Sessions.ToArray()) _sessions.Remove(session);
        Stop();
    });

    /// <summary>Ends a tunnel whose client has another on another loop; any thread may call it.</summary>
    public void Retire(TunnelSession session) => Mailbox.Post(() => _sessions.Remove(session));

    /// <summary>A snapshot; any thread may ask.</summary>
    public Task<(LoopStatus Loop, ClientStatus[] Clients)> AskStatusAsync() => Mailbox.AskAsync(() =>
    {
        var loop = new LoopStatus { Tunnels = _sessions.Sessions.Count, PacketsHandedOver = _packetsHandedOver, HandoverDrops = _handoverDrops };
        return (loop, _sessions.Sessions.Select(Describe).ToArray());
    });

    /// <inheritdoc/>
    void ITunnelHandler.OnPacket(TunnelSession session, Span<byte> packet) => DeliverPacket(packet);

    // A client's routes and addresses mean nothing to a server: its packets are judged by what it was assigned.
    /// <inheritdoc/>
    void ITunnelHandler.OnConfigured(TunnelSession session)
    {
    }

    /// <inheritdoc/>
    protected override void OnStarted(Instant now)
    {
        Attach(Device!);
        _registryDue = now + s_registryInterval;
    }

    /// <inheritdoc/>
    protected override void OnFinished() => Detach();

    /// <inheritdoc/>
    protected override void OnDeviceLost() => _deviceLost.TrySetResult();

    /// <inheritdoc/>
    protected override void OnAccepted(Instant now, QuicConnection connection) => connection.Tag = new ServerConnection(connection);

    /// <inheritdoc/>
    protected override void OnEvents(Instant now, QuicConnection connection)
    {
        if (connection.Tag is not ServerConnection peer) return;
        peer.Http3.Process();
        FollowEvents(peer);
    }

    /// <inheritdoc/>
    protected override TunnelSession? Route(ReadOnlySpan<byte> packet, in PacketSlot facts)
    {
        TunnelSession? session = _sessions.Find(packet);
        if (session is null && _handovers is not null) HandOver(packet, facts);
        return session;
    }

    /// <inheritdoc/>
    protected override bool TrySendQueued(Instant now, Span<byte> slot, ref PacketSlot packet) => _sessions.TrySendQueued(now, slot, ref packet);

    /// <inheritdoc/>
    protected override void OnTimer(Instant now)
    {
        if (now < _registryDue) return;
        _registryDue = now + s_registryInterval;
        // A handshake may have read the registry since.
        _clients.Refresh();
        if (_enforced == _clients.Version) return;
        _enforced = _clients.Version;
        foreach (TunnelSession session in _sessions.Sessions.ToArray())
            if (_clients.Find(session.Client) is null) _sessions.Remove(session);
    }

    // The kernel gives a flow's packets to the queue that last wrote one of them, and a new flow's to any: its tunnel may be another loop's.
    private void HandOver(ReadOnlySpan<byte> packet, in PacketSlot facts)
    {
        if (!IpPacket.TryRead(packet, out IpPacket header) || _owners.Find(header.Destination) is not { } owner || owner == this) return;
        if (owner._handovers!.TryGive(_index, packet, facts)) _packetsHandedOver++;
        else _handoverDrops++;
    }

    private ClientStatus Describe(TunnelSession session)
    {
        ClientEntry? client = _clients.Find(session.Client);
        QuicConnection? transport = session.Transport;
        TransportStatistics path = transport?.Statistics ?? default;
        return new ClientStatus
        {
            Name = client?.Name ?? "",
            Loop = _index,
            Endpoint = transport?.Path.Remote.ToString() ?? "",
            Addresses = client is null ? [] : [client.Address4.ToString(), client.Address6.ToString()],
            BytesSent = session.Counters.BytesSent,
            BytesReceived = session.Counters.BytesReceived,
            RttMilliseconds = path.SmoothedRtt.TotalMilliseconds,
            PacketsSent = path.PacketsSent,
            PacketsLost = path.PacketsLost,
            PacketsDropped = session.Counters.SendDrops + session.Counters.QueueDrops,
            PacketsMarked = session.Counters.QueueMarks,
        };
    }

    private void FollowEvents(ServerConnection peer)
    {
        while (peer.Http3.TryTakeEvent(out Http3Event ev)) Follow(peer, ev);
    }

    private void Follow(ServerConnection peer, in Http3Event ev)
    {
        switch (ev.Kind)
        {
            case Http3EventKind.RequestReceived:
                Accept(peer, ev.Stream!);
                break;
            case Http3EventKind.Closed:
                peer.Dispose();
                foreach (TunnelSession session in peer.Tunnels) _sessions.Remove(session);
                break;
            default:
                if (ev.Stream is not null) Follow(peer, ev.Stream.State, ev);
                break;
        }
    }

    private void Follow(ServerConnection peer, object? state, in Http3Event ev)
    {
        switch (state)
        {
            case ConnectIpStream tunnel:
                tunnel.OnEvent(ev);
                if (!tunnel.IsOpen && peer.TakeTunnel(tunnel) is { } over) _sessions.Remove(over);
                break;
            case WebsiteRequest request when ev.Kind is Http3EventKind.DataReceived or Http3EventKind.Writable:
                request.Pump();
                break;
            case WebsiteRequest request:
                peer.Abort(request);
                break;
        }
    }

    private void Accept(ServerConnection peer, Http3Stream stream)
    {
        if (!_acceptor.TryAccept(stream, out ConnectIpStream? tunnel))
        {
            peer.Serve(stream, _website, Mailbox, () => FollowEvents(peer));
            return;
        }

        TunnelSession session = _authenticator.TakeSession();
        session.Open(tunnel);
        peer.Add(tunnel, session);
        _sessions.Add(session);
    }

    private static IpPrefix Prefix(IPNetwork network) =>
        IpPrefix.TryCreate(IpAddress.From(network.BaseAddress), network.PrefixLength, out IpPrefix prefix)
            ? prefix : throw new HostException(ExitCode.ConfigurationInvalid, $"{network} has bits set behind its prefix.");
}
