using BenchmarkDotNet.Attributes;
using Vpr.Quic;
using Vpr.Quic.Recovery;
using Vpr.Quic.Streams;

namespace Vpr.Perf.Micro.Quic;

/// <summary>What a stream costs a packet of 1400 bytes: written, framed, acknowledged on one side; put in order and read on the other.</summary>
[MemoryDiagnoser]
public class StreamBenchmark
{
    private const int Bytes = 1400;

    private readonly byte[] _data = new byte[Bytes];
    private readonly byte[] _packet = new byte[1500];
    private readonly SentPacketRing _record = new();
    private readonly ReceiveBuffer _receive = new(new ChunkPool(64));
    private StreamSet _streams = null!;
    private StreamId _stream;
    private ulong _offset;

    /// <summary>Opens the stream.</summary>
    [GlobalSetup]
    public void Setup()
    {
        StreamLimits limits = new() { MaxData = 1UL << 60, MaxStreamDataUni = 1UL << 60, MaxStreamsUni = 1 };
        _streams = new StreamSet(isClient: true, limits, sendBufferLimit: 1 << 20, new ChunkPool(256));
        _streams.SetPeerLimits(limits);
        _streams.TryOpen(StreamDirection.Unidirectional, out _stream);
    }

    /// <summary>The sending side.</summary>
    [Benchmark]
    public int WriteFrameAcknowledge()
    {
        _streams.Write(_stream, _data, fin: false);
        int length = _streams.WriteFrames(_packet, _record);
        for (int i = 0; i < _record.OpenFrames; i++) _streams.OnFrameAcknowledged(_record.OpenFrame(i));
        _record.DropOpenFrames();
        return length;
    }

    /// <summary>The receiving side, in order.</summary>
    [Benchmark]
    public int InsertRead()
    {
        _receive.Insert(_offset, _data);
        _offset += Bytes;
        return _receive.Read(_packet);
    }

    /// <summary>The receiving side, two packets in the wrong order.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public int InsertRead_Swapped()
    {
        _receive.Insert(_offset + Bytes, _data);
        _receive.Insert(_offset, _data);
        _offset += 2 * Bytes;
        return _receive.Read(_packet) + _receive.Read(_packet);
    }
}
