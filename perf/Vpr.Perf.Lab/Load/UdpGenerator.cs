using Vpr.Interop.Linux;
using Vpr.Io;

namespace Vpr.Perf.Lab.Load;

/// <summary>Sends small datagrams at a steady rate, many a system call, and asks the sink how many arrived.</summary>
/// <remarks>It sleeps between bursts: the cores are shared with the tunnel that is measured.</remarks>
internal sealed class UdpGenerator : IDisposable
{
    private const int BatchSize = 64;
    private const int SocketBuffer = 4 << 20;

    // Short enough that a burst of a few 100,000 packets a second stays below a TUN queue's 500.
    private static readonly TimeSpan s_tick = TimeSpan.FromMicroseconds(250);
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMilliseconds(100);
    private const int Questions = 30;

    private readonly UdpDatagramSocket _socket;
    private readonly LoopPoller _poller;
    private readonly LoopSource<IDatagramSocket> _source;
    private readonly PacketBatch _load;
    private readonly PacketBatch _control;
    private readonly DatagramPath _path;
    private readonly int _size;
    private uint _trial;

    /// <summary>Opens the socket.</summary>
    /// <param name="local">The address to send from; its port may be 0.</param>
    /// <param name="target">The sink.</param>
    /// <param name="size">Bytes of payload of each datagram, 16 or more.</param>
    public UdpGenerator(UdpEndpoint local, UdpEndpoint target, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, UdpProbePacket.MinimumSize);
        _socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = local, BufferSize = SocketBuffer, BatchSize = BatchSize });
        _poller = LinuxPoller.Open(IoBackend.Epoll);
        _source = _poller.Add(_socket);
        _load = new PacketBatch(BatchSize, size, 0);
        _control = new PacketBatch(BatchSize, 2048, 0);
        _path = new DatagramPath(default, target);
        _size = size;
    }

    /// <summary>Sends at a rate.</summary>
    /// <param name="rate">Packets a second.</param>
    /// <param name="duration">For how long.</param>
    /// <exception cref="BenchException">The sink does not answer.</exception>
    public RateTrial Run(double rate, TimeSpan duration)
    {
        _trial++;
        FillLoad();
        Instant start = MonotonicClock.Now, end = start + duration;
        long sent = 0;
        Instant now = start;
        while (now < end)
        {
            long due = (long)(rate * (now - start).TotalSeconds) - sent;
            // What could not be sent in time is not made up for in one burst that no queue holds.
            if (due > rate * s_tick.TotalSeconds * 8) due = (long)(rate * s_tick.TotalSeconds * 8);
            sent += Send(due);
            Sleep(MonotonicClock.Now + s_tick);
            now = MonotonicClock.Now;
        }

        return new RateTrial(rate, sent, AskReceived(), (now - start).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _poller.Dispose();
        _socket.Dispose();
    }

    private void FillLoad()
    {
        _load.Clear();
        for (int i = 0; i < BatchSize; i++)
        {
            _load.Add();
            _load[i].Length = _size;
            _load[i].Path = _path;
            UdpProbePacket.Write(_load.Packet(i), UdpProbeKind.Load, _trial, 0);
        }
    }

    private long Send(long due)
    {
        long sent = 0;
        while (sent < due)
        {
            // From the slot on that leaves exactly as many as are due: the batch itself stays as it is.
            int first = (int)Math.Max(0, BatchSize - (due - sent));
            int taken = _socket.Send(_load, first);
            sent += taken;
            if (taken < BatchSize - first) break;
        }

        return sent;
    }

    private void Sleep(Instant until)
    {
        while (MonotonicClock.Now < until)
        {
            if (_poller.Wait(until) > 0) TryTakeAnswer(out _);
        }
    }

    private long AskReceived()
    {
        // What still lies in queues arrives while it is asked: the count holds when it stays the same.
        long? before = null;
        for (int i = 0; i < Questions; i++)
        {
            _control.Clear();
            int index = _control.Add();
            _control[index].Length = _size;
            _control[index].Path = _path;
            UdpProbePacket.Write(_control.Packet(index), UdpProbeKind.Question, _trial, 0);
            _socket.Send(_control, 0);

            Instant late = MonotonicClock.Now + s_answerLimit;
            long? now = null;
            while (now is null && MonotonicClock.Now < late)
            {
                if (_poller.Wait(late) > 0 && TryTakeAnswer(out long count)) now = count;
            }

            if (now is null) continue;
            if (now == before) return now.Value;
            before = now;
            Sleep(MonotonicClock.Now + (s_answerLimit / 4));
        }

        throw new BenchException("The sink of small packets does not answer.");
    }

    private bool TryTakeAnswer(out long count)
    {
        count = 0;
        bool found = false;
        _control.Clear();
        _source.Device.Receive(_control);
        for (int i = 0; i < _control.Count; i++)
        {
            if (!UdpProbePacket.TryRead(_control.Packet(i), out UdpProbeKind kind, out uint trial, out ulong received)
                || kind != UdpProbeKind.Answer || trial != _trial) continue;
            count = (long)received;
            found = true;
        }

        return found;
    }
}
