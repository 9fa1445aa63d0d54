using Vpr.Io;

namespace Vpr.Hosting.Loop;

/// <summary>The way out of a loop: datagrams gathered into runs, sent when there is no room for more or nothing more to say.</summary>
internal sealed class DatagramSender
{
    /// <summary>Bytes of the longest datagram, with what an acknowledgement may take in front of it.</summary>
    public const int LongestDatagram = 2048;

    // A burst of TUN super-packets takes two runs each, its last and shorter segment included.
    private const int Runs = 16;

    private readonly DatagramRuns _runs = new(Runs, LongestDatagram);
    private readonly LoopPoller _poller;
    private readonly LoopSource<IDatagramSocket> _socket;
    private int _sent;

    /// <summary>A sender over a loop's socket.</summary>
    public DatagramSender(LoopPoller poller, LoopSource<IDatagramSocket> socket) => (_poller, _socket) = (poller, socket);

    /// <summary>Makes room for a datagram as <see cref="DatagramRuns.TryReserve"/> does, and sends what there is when there is none.</summary>
    /// <returns>False when the socket takes nothing now.</returns>
    public bool TryReserve(int length, bool isExact, int slack, out Span<byte> room, out bool continues)
    {
        // What is left of runs that the socket did not take stays as it is until it does.
        if (_sent == 0 && _runs.TryReserve(length, isExact, slack, out room, out continues)) return true;
        room = default;
        continues = false;
        return TryFlush() && _runs.TryReserve(length, isExact, slack, out room, out continues);
    }

    /// <summary>Adds the datagram that was built in the room reserved last.</summary>
    public void Commit(in PacketSlot datagram) => _runs.Commit(datagram.Offset, datagram.Length, datagram.Path, datagram.Ecn);

    /// <summary>Sends what there is; while the socket is full the rest stays, and the loop waits for the socket.</summary>
    /// <returns>Whether all was sent.</returns>
    public bool TryFlush()
    {
        if (_runs.Batch.Count > 0) _sent += _socket.Device.Send(_runs.Batch, _sent);
        bool done = _sent == _runs.Batch.Count;
        if (done)
        {
            _runs.Clear();
            _sent = 0;
        }

        _poller.Watch(_socket, done ? Readiness.Readable : Readiness.Readable | Readiness.Writable);
        return done;
    }
}
