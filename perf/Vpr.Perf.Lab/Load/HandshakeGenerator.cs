using System.Net;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Perf.Lab.Measure;
using Vpr.Quic;

namespace Vpr.Perf.Lab.Load;

/// <summary>What a time of handshakes gave.</summary>
/// <param name="PerSecond">Tunnels that opened in each second of it.</param>
/// <param name="Completed">All that opened, those included that were on their way when the time was over.</param>
/// <param name="P50Milliseconds">The median from the first datagram to the open tunnel.</param>
/// <param name="P99Milliseconds">The 99th percentile.</param>
internal sealed record HandshakeResult(double PerSecond, long Completed, double P50Milliseconds, double P99Milliseconds);

/// <summary>Opens tunnels and closes them, one for each profile at a time, on the calling thread.</summary>
internal sealed class HandshakeGenerator : IDisposable
{
    private const int BatchSize = 64;
    private const int SlotSize = 2048;
    private const int SocketBuffer = 4 << 20;
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly PacketBatch _received = new(BatchSize, SlotSize, headroom: 0);
    private readonly PacketBatch _outgoing = new(BatchSize, SlotSize, headroom: 0);
    private readonly HandshakeProfile[] _profiles;
    private readonly HandshakeAttempt?[] _attempts;
    private readonly List<HandshakeAttempt> _leaving = [];
    private readonly UdpDatagramSocket _socket;
    private readonly LoopPoller _poller = LinuxPoller.Open(IoBackend.Epoll);
    private readonly LoopSource<IDatagramSocket> _source;
    private readonly QuicEndpoint _endpoint;
    private readonly LogHistogram _times = new();
    private int _sent;

    /// <summary>Opens the socket.</summary>
    /// <param name="profiles">Who connects: a server has one tunnel for each key, so there are as many handshakes in flight as profiles.</param>
    public HandshakeGenerator(IEnumerable<HandshakeProfile> profiles)
    {
        _profiles = [.. profiles];
        ArgumentOutOfRangeException.ThrowIfZero(_profiles.Length);
        _attempts = new HandshakeAttempt?[_profiles.Length];
        IPAddress any = _profiles[0].Server.IsIpv4 ? IPAddress.Any : IPAddress.IPv6Any;
        _socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = UdpEndpoint.From(new IPEndPoint(any, 0)), BufferSize = SocketBuffer });
        _source = _poller.Add(_socket);
        _endpoint = new QuicEndpoint(new EndpointOptions { Random = OsRandomSource.Instance });
    }

    /// <summary>Makes handshakes for a time, and waits for the last of them.</summary>
    /// <exception cref="BenchException">One came to nothing.</exception>
    public HandshakeResult Run(TimeSpan duration)
    {
        Instant start = MonotonicClock.Now, end = start + duration;
        long completed = 0, inTime = 0;
        while (true)
        {
            Instant now = MonotonicClock.Now;
            if (_source.IsReadable) Receive(now);
            _endpoint.OnTimeout(now);
            while (_endpoint.TryTakeEventful(out QuicConnection? connection)) (connection.Tag as HandshakeAttempt)?.Process();
            int opened = TakeOpened(now);
            completed += opened;
            if (now <= end) inTime += opened;
            bool isOver = now > end;
            if (!isOver) Begin(now);
            Transmit(now);
            DisposeLeft();
            if (isOver && Array.TrueForAll(_attempts, attempt => attempt is null)) break;
            _poller.Wait(Instant.Min(_endpoint.NextTimeout ?? Instant.Never, isOver ? Instant.Never : end));
        }

        if (completed == 0) throw new BenchException("Not one handshake was completed in time.");
        return new HandshakeResult(inTime / duration.TotalSeconds, completed, _times.Percentile(50) / NanosecondsPerMillisecond, _times.Percentile(99) / NanosecondsPerMillisecond);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HandshakeAttempt? attempt in _attempts) attempt?.Dispose();
        DisposeLeft();
        _endpoint.Dispose();
        _poller.Dispose();
        _socket.Dispose();
    }

    private void Begin(Instant now)
    {
        for (int i = 0; i < _attempts.Length; i++) _attempts[i] ??= new HandshakeAttempt(now, _endpoint, _profiles[i]);
    }

    private int TakeOpened(Instant now)
    {
        int opened = 0;
        for (int i = 0; i < _attempts.Length; i++)
        {
            if (_attempts[i] is not { } attempt) continue;
            if (attempt.Failure is { } failure) throw new BenchException($"A handshake came to nothing: {failure}.");
            if (!attempt.IsUp) continue;
            opened++;
            _times.Record((now - attempt.Started).Ticks * TimeSpan.NanosecondsPerTick);
            attempt.Close();
            _leaving.Add(attempt);
            _attempts[i] = null;
        }

        return opened;
    }

    private void DisposeLeft()
    {
        foreach (HandshakeAttempt attempt in _leaving) attempt.Dispose();
        _leaving.Clear();
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

    // While the socket is full its batch stays, and nothing new is made.
    private bool TryFlush()
    {
        if (_sent < _outgoing.Count) _sent += _source.Device.Send(_outgoing, _sent);
        bool done = _sent == _outgoing.Count;
        _poller.Watch(_source, done ? Readiness.Readable : Readiness.Readable | Readiness.Writable);
        return done;
    }
}
