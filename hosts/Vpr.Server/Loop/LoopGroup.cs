using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Hosting.Loop;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Server.Configuration;
using Vpr.Server.Control;
using Vpr.Server.Http;
using Vpr.Server.Tunnels;

namespace Vpr.Server.Loop;

/// <summary>The server's loops as one: opened, started, asked and stopped together. Owns the sockets, the endpoints, and what each loop waits with.</summary>
internal sealed class LoopGroup : IDisposable
{
    private readonly ServerConfiguration _configuration;
    private readonly List<ServerLoop> _loops = [];
    private readonly List<Thread> _threads = [];
    private readonly List<IDisposable> _owned = [];
    private Instant _startedAt;

    private LoopGroup(ServerConfiguration configuration) => _configuration = configuration;

    /// <summary>How packets are moved, in words.</summary>
    public string Io => _loops.Count == 1 ? _loops[0].Io : $"{_loops[0].Io}, {_loops.Count} loops";

    /// <summary>Completes when somebody deletes the interface: the server cannot go on then.</summary>
    public Task DeviceLost { get; private set; } = Task.CompletedTask;

    /// <summary>Opens a loop for each socket; none runs yet.</summary>
    /// <param name="configuration">What <c>server.conf</c> says.</param>
    /// <param name="clientsFile">The registry.</param>
    /// <param name="sockets">Those of one port, in the order of their shares of it; owned from now on.</param>
    /// <param name="noiseKey">The server's static key; it must live as long as the group.</param>
    /// <param name="certificate">The server's certificate; it must live as long as the group.</param>
    /// <param name="website">Answers requests that prove no key.</param>
    /// <exception cref="LinuxException">The back-end is not to be had.</exception>
    public static LoopGroup Open(
        ServerConfiguration configuration, string clientsFile, IReadOnlyList<UdpDatagramSocket> sockets,
        X25519PrivateKey noiseKey, X509Certificate2 certificate, Http3Server website)
    {
        var group = new LoopGroup(configuration);
        group._owned.AddRange(sockets);
        var endpoints = new ServerEndpoint(noiseKey, certificate);
        var owners = new SessionOwners();
        try
        {
            foreach (UdpDatagramSocket socket in sockets)
            {
                int index = group._loops.Count;
                var clients = new ClientAdmission(clientsFile);
                clients.Refresh();
                QuicEndpoint endpoint = group.Own(endpoints.Create(index, sockets.Count));
                LoopPoller poller = group.Own(LinuxPoller.Open(configuration.Io));
                Mailbox mailbox = group.Own(new Mailbox());
                HandoverInbox? handovers = sockets.Count == 1 ? null : new HandoverInbox(sockets.Count, mailbox.WakeUp);
                group._loops.Add(new ServerLoop(index, poller, socket, endpoint, mailbox, handovers, owners, configuration, clients, noiseKey, website));
            }

            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    /// <summary>Runs each loop on a thread of its own.</summary>
    /// <param name="queues">The TUN queues, one a loop.</param>
    public void Start(IReadOnlyList<TunDevice> queues)
    {
        _startedAt = MonotonicClock.Now;
        for (int index = 0; index < _loops.Count; index++)
        {
            _loops[index].Device = queues[index];
            _threads.Add(new Thread(_loops[index].Run) { Name = $"vpr-loop-{index}" });
        }

        DeviceLost = Task.WhenAny(_loops.Select(loop => loop.DeviceLost));
        foreach (Thread thread in _threads) thread.Start();
    }

    /// <summary>A snapshot; any thread may ask.</summary>
    public async Task<ServerStatus> AskStatusAsync()
    {
        (LoopStatus Loop, ClientStatus[] Clients)[] answers = await Task.WhenAll(_loops.Select(loop => loop.AskStatusAsync())).ConfigureAwait(false);
        return new ServerStatus
        {
            Listen = _configuration.Listen.ToString(),
            Interface = _configuration.Interface,
            Io = Io,
            UptimeSeconds = (MonotonicClock.Now - _startedAt).TotalSeconds,
            Loops = [.. answers.Select(answer => answer.Loop)],
            Clients = [.. answers.SelectMany(answer => answer.Clients)],
            Gen0Collections = GC.CollectionCount(0),
        };
    }

    /// <summary>Ends all tunnels and waits for the loops' ends.</summary>
    public void Stop()
    {
        foreach (ServerLoop loop in _loops) loop.RequestStop();
        foreach (Thread thread in _threads) thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int index = _owned.Count - 1; index >= 0; index--) _owned[index].Dispose();
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
