using Vpr.Io;
using Vpr.Tunnel.Offload;

namespace Vpr.Perf.Lab.Load;

/// <summary>A null tunnel with every offload, by the product's own splitter and merger: what the engine could reach if crypto and protocol were free.</summary>
internal sealed class OffloadedNullTunnel : NullTunnel
{
    // A read of one system call each; a packet takes a whole slot, however small it is.
    private const int Reads = 64;
    private const int Receives = 16;
    private const int LongSlot = ushort.MaxValue + Headroom;
    private const int Headroom = 16;

    // What UDP_SEGMENT takes at once: 64 datagrams on older kernels, and one IP packet's length of bytes.
    private const int RunDatagrams = 64;
    private const int RunBytes = 65_000;

    private const int Pieces = 1024;

    private readonly PacketBatch _packets = new(Reads, LongSlot, Headroom);
    private readonly PacketBatch _runs = new(Reads, LongSlot, 0);
    private readonly PacketBatch _received = new(Receives, LongSlot, Headroom);
    private readonly PacketGather _merged;
    private FlowMerger? _merger;
    private int _datagrams;
    private bool _isClosed;

    /// <summary>Opens both sides.</summary>
    public OffloadedNullTunnel(NullTunnelOptions options)
        : base(options, PacketOffloads.All, runs: true)
    {
        _merged = new PacketGather(_received, Pieces, Pieces);
    }

    /// <inheritdoc/>
    protected override void Send(IPacketDevice device, IDatagramSocket socket)
    {
        _packets.Clear();
        device.Read(_packets);
        for (int i = 0; i < _packets.Count; i++)
        {
            var segments = new SegmentSplitter(_packets.Packet(i), _packets[i]);
            while (segments.Count > 0)
            {
                Span<byte> datagram = Next(segments.NextLength, socket);
                segments.Write(datagram);
            }
        }

        Flush(socket);
    }

    /// <inheritdoc/>
    protected override void Receive(IDatagramSocket socket, IPacketDevice device)
    {
        _merger ??= new FlowMerger(_merged, device.Offloads);
        _received.Clear();
        socket.Receive(_received);
        for (int i = 0; i < _received.Count; i++)
        {
            Span<byte> run = _received.Packet(i);
            int size = _received[i].SegmentSize > 0 ? _received[i].SegmentSize : run.Length;
            for (; !run.IsEmpty; run = run[Math.Min(size, run.Length)..])
            {
                Span<byte> packet = run[..Math.Min(size, run.Length)];
                if (_merger.Add(packet)) continue;
                Write(device);
                _merger.Add(packet);
            }
        }

        Write(device);
    }

    /// <summary>Room for a datagram at the end of the open run, or in a new one.</summary>
    private Span<byte> Next(int length, IDatagramSocket socket)
    {
        int open = _runs.Count - 1;
        if (open >= 0)
        {
            ref PacketSlot run = ref _runs[open];
            if (!_isClosed && length <= run.SegmentSize && _datagrams < RunDatagrams && run.Length + length <= RunBytes)
            {
                // A shorter one ends its run.
                _isClosed = length < run.SegmentSize;
                run.Length += length;
                _datagrams++;
                return _runs.Packet(open)[^length..];
            }
        }

        if (_runs.Count == _runs.Capacity) Flush(socket);
        int index = _runs.Add();
        _runs[index].Length = _runs[index].SegmentSize = length;
        _runs[index].Path = Path;
        _datagrams = 1;
        _isClosed = false;
        return _runs.Packet(index);
    }

    private void Flush(IDatagramSocket socket)
    {
        socket.Send(_runs, 0);
        _runs.Clear();
    }

    private void Write(IPacketDevice device)
    {
        _merger!.Finish();
        for (int done = 0; done < _merged.Count;)
        {
            done += device.Write(_merged, done);
            // One that the kernel refuses is lost here; the product cuts it instead.
            if (done < _merged.Count) done++;
        }

        _merged.Clear();
    }
}
