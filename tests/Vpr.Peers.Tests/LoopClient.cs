using System.Globalization;
using System.Net;
using Vpr.Http3;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Tls;

namespace Vpr.Peers.Tests;

/// <summary>Our HTTP/3 client on a real socket: one connection, requests one after the other, all on the calling thread and in its namespace.</summary>
internal sealed class LoopClient : IDisposable
{
    private const int BatchSize = 64;
    private const int SlotSize = 2048;
    private const int SocketBuffer = 4 << 20;
    private const int ReadBlock = 256 << 10;

    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(15);

    private readonly PacketBatch _received = new(BatchSize, SlotSize, headroom: 0);
    private readonly PacketBatch _outgoing = new(BatchSize, SlotSize, headroom: 0);
    private readonly UdpDatagramSocket _socket;
    private readonly LoopPoller _poller = LinuxPoller.Open(IoBackend.Auto);
    private readonly LoopSource<IDatagramSocket> _source;
    private readonly QuicEndpoint _endpoint;
    private readonly Http3Connection _http3;
    private readonly IPEndPoint _server;
    private int _sent;
    private Http3Event? _failure;

    /// <summary>Connects, and waits for the server's settings.</summary>
    /// <param name="server">Where it is; its address is the name that the certificate has to be for.</param>
    /// <param name="pin">The SHA-256 of its public key.</param>
    /// <exception cref="PeerException">The connection failed, or took too long.</exception>
    public LoopClient(IPEndPoint server, byte[] pin)
    {
        _server = server;
        _socket = UdpDatagramSocket.Bind(new UdpSocketOptions
        {
            LocalEndpoint = UdpEndpoint.From(new IPEndPoint(IPAddress.Any, 0)),
            BufferSize = SocketBuffer,
        });
        _source = _poller.Add(_socket);
        _endpoint = new QuicEndpoint(new EndpointOptions { Random = OsRandomSource.Instance });
        Transport = _endpoint.Connect(MonotonicClock.Now, new DatagramPath(default, UdpEndpoint.From(server)), new ClientConnectionOptions
        {
            Tls = new ClientHandshakeOptions
            {
                ServerName = server.Address.ToString(),
                ApplicationProtocols = ["h3"],
                Trust = ServerTrust.PinnedKey(pin),
                VerificationTime = DateTimeOffset.UtcNow,
                Random = OsRandomSource.Instance,
            },
        });
        _http3 = new Http3Connection(Transport, isServer: false, new Http3Settings { H3Datagram = true }, OsRandomSource.Instance);
        try
        {
            RunUntil(() => _http3.PeerSettings is not null, s_handshakeLimit);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The QUIC connection, for its statistics.</summary>
    public QuicConnection Transport { get; }

    /// <summary>Sends a request and takes the whole answer.</summary>
    /// <param name="request">Method, path and further fields; an extended CONNECT has its :protocol among these.</param>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="PeerException">The stream or connection failed, or took too long.</exception>
    public SiteAnswer Ask(SiteRequest request, TimeSpan limit)
    {
        Http3Stream stream = Open(request);
        using var content = new MemoryStream();
        byte[] block = new byte[ReadBlock];
        bool ended = false;
        RunUntil(() =>
        {
            if (stream.Response.Status == 0) return false;
            for (int read = -1; read != 0 && !ended;)
            {
                read = stream.Read(block, out ended);
                content.Write(block, 0, read);
            }

            return ended;
        }, limit);
        var fields = new List<(string, string)>();
        for (int index = 0; index < stream.Fields.Count; index++)
        {
            if (!stream.Fields[index].IsPseudoHeader) fields.Add((stream.Fields[index].NameText, stream.Fields[index].ValueText));
        }

        var answer = new SiteAnswer(stream.Response.Status, fields, content.ToArray());
        stream.Dispose();
        return answer;
    }

    /// <summary>Says goodbye and forgets the connection.</summary>
    public void Dispose()
    {
        _http3.Close(Http3ErrorCode.NoError);
        Transmit(MonotonicClock.Now);
        _http3.Dispose();
        _endpoint.Dispose();
        _poller.Dispose();
        _socket.Dispose();
    }

    private Http3Stream Open(SiteRequest request)
    {
        using var head = new FieldSection();
        head.Add(":method", request.Method);
        head.Add(":scheme", "https");
        head.Add(":authority", _server.Port == 443 ? _server.Address.ToString() : _server.ToString());
        head.Add(":path", request.Path);
        foreach ((string name, string value) in request.Fields) head.Add(name, value);
        RequestStatus status = _http3.OpenRequest(head, fin: request.Method != "CONNECT", out Http3Stream? stream);
        return status == RequestStatus.Sent ? stream! : throw new PeerException($"{request} was not sent: {status}.");
    }

    private void RunUntil(Func<bool> done, TimeSpan limit)
    {
        Instant end = MonotonicClock.Now + limit;
        for (Instant now = MonotonicClock.Now; ; now = MonotonicClock.Now)
        {
            if (_source.IsReadable) Receive(now);
            _endpoint.OnTimeout(now);
            while (_endpoint.TryTakeEventful(out _)) _http3.Process();
            while (_http3.TryTakeEvent(out Http3Event ev)) Follow(ev);
            bool isDone = done();
            Transmit(now);
            if (isDone) return;
            if (_failure is { } failure)
                throw new PeerException(string.Create(CultureInfo.InvariantCulture, $"{failure.Kind} by {failure.CloseSource}, code 0x{failure.ErrorCode:x}; {Transport.Statistics}"));
            if (now > end) throw new PeerException($"Not done within {limit}; {Transport.Statistics}");
            _poller.Wait(Instant.Min(_endpoint.NextTimeout ?? Instant.Never, end));
        }
    }

    private void Follow(in Http3Event ev)
    {
        if (ev.Kind is Http3EventKind.Closed or Http3EventKind.StreamReset or Http3EventKind.StreamFailed) _failure ??= ev;
    }

    private void Receive(Instant now)
    {
        _received.Clear();
        _source.Device.Receive(_received);
        for (int index = 0; index < _received.Count; index++)
            _endpoint.Receive(now, _received[index].Path, _received[index].Ecn, _received.Packet(index));
    }

    private void Transmit(Instant now)
    {
        while (TryFlush())
        {
            _outgoing.Clear();
            _sent = 0;
            while (_outgoing.Count < BatchSize && TryFill(now, _outgoing.Add()))
            {
            }

            if (_outgoing.Count == 0) return;
        }
    }

    private bool TryFill(Instant now, int index)
    {
        ref PacketSlot slot = ref _outgoing[index];
        slot.Length = _endpoint.Transmit(now, _outgoing.Slot(index), out slot.Path, out slot.Ecn);
        if (slot.Length > 0) return true;
        _outgoing.RemoveLast();
        return false;
    }

    /// <summary>Sends what is left of the last batch; while the socket is full it stays, and nothing new is made.</summary>
    private bool TryFlush()
    {
        if (_sent < _outgoing.Count) _sent += _source.Device.Send(_outgoing, _sent);
        bool done = _sent == _outgoing.Count;
        _poller.Watch(_source, done ? Readiness.Readable : Readiness.Readable | Readiness.Writable);
        return done;
    }
}
