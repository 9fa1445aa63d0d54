using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Vpr.Io;
using Vpr.Tunnel.Offload;
using Vpr.Wire.Ip;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>A TCP super-packet of 64 KiB cut into 45 segments, and these put together again; times are per segment.</summary>
[MemoryDiagnoser]
public class OffloadBenchmarks
{
    private const int SegmentSize = 1440;
    private const int Segments = 45;
    private const int HeaderLength = 52; // with timestamps
    private const int SlotSize = 2048;

    private readonly byte[] _super = new byte[HeaderLength + Segments * SegmentSize];
    private readonly byte[] _run = new byte[Segments * (HeaderLength + SegmentSize)];
    private readonly byte[][] _heads = new byte[Segments][];
    private readonly PacketBatch _batch = new(Segments, SlotSize, 64);
    private PacketGather _gather = null!;
    private FlowMerger _merger = null!;

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_super);
        new Ipv4Header
        {
            InternetHeaderLength = 5, TotalLength = (ushort)_super.Length, DontFragment = true, TimeToLive = 64, Protocol = IpProtocol.Tcp,
            SourceAddress = 0x0A560001, DestinationAddress = 0x0A560002,
        }.Write(_super);
        new TcpHeader { SourcePort = 40_000, DestinationPort = 443, DataOffset = 8, Ack = true, Window = 500, Options = new byte[12] }.Write(_super.AsSpan(20));
        ulong pseudo = InternetChecksum.PseudoHeader(0x0A560001u, 0x0A560002u, IpProtocol.Tcp, _super.Length - 20);
        BinaryPrimitives.WriteUInt16BigEndian(_super.AsSpan(36), InternetChecksum.FinishPartial(pseudo));

        SegmentSplitter splitter = new(_super, Segmentation.Tcp4, SegmentSize, new PartialChecksum(20, 16));
        while (splitter.Count > 0)
        {
            int index = _batch.Add();
            _batch[index].Length = splitter.NextLength;
            splitter.Write(_batch.Packet(index));
            _heads[index] = _batch.Packet(index)[..HeaderLength].ToArray();
        }

        _gather = new PacketGather(_batch, Segments, Segments);
        _merger = new FlowMerger(_gather, PacketOffloads.All);
    }

    [Benchmark(OperationsPerInvoke = Segments)]
    public int Split()
    {
        SegmentSplitter splitter = new(_super, Segmentation.Tcp4, SegmentSize, new PartialChecksum(20, 16));
        int at = 0;
        while (splitter.Count > 0) at += splitter.Write(_run.AsSpan(at));
        return at;
    }

    /// <summary>The limit of <see cref="Split"/>: moving the bytes, and nothing else.</summary>
    [Benchmark(OperationsPerInvoke = Segments)]
    public int CopyAlone()
    {
        int at = 0;
        for (int segment = 0; segment < Segments; segment++, at += HeaderLength + SegmentSize)
        {
            _super.AsSpan(0, HeaderLength).CopyTo(_run.AsSpan(at));
            _super.AsSpan(HeaderLength + segment * SegmentSize, SegmentSize).CopyTo(_run.AsSpan(at + HeaderLength));
        }

        return at;
    }

    /// <summary>One pass over the payload beside two.</summary>
    [Benchmark(OperationsPerInvoke = Segments)]
    public ulong CopyAndSumInOnePass()
    {
        ulong sum = 0;
        for (int segment = 0; segment < Segments; segment++)
            sum = InternetChecksum.Copy(sum, _super.AsSpan(HeaderLength + segment * SegmentSize, SegmentSize), _run.AsSpan(segment * SegmentSize, SegmentSize));
        return sum;
    }

    /// <summary>Two passes over the payload beside one.</summary>
    [Benchmark(OperationsPerInvoke = Segments)]
    public ulong CopyAndSumInTwoPasses()
    {
        ulong sum = 0;
        for (int segment = 0; segment < Segments; segment++)
        {
            Span<byte> destination = _run.AsSpan(segment * SegmentSize, SegmentSize);
            _super.AsSpan(HeaderLength + segment * SegmentSize, SegmentSize).CopyTo(destination);
            sum = InternetChecksum.Add(sum, destination);
        }

        return sum;
    }

    /// <summary>The headers are put back first, because the former merge changed the head's.</summary>
    [Benchmark(OperationsPerInvoke = Segments)]
    public int Merge()
    {
        for (int index = 0; index < Segments; index++)
        {
            Span<byte> packet = _batch.Packet(index);
            _heads[index].CopyTo(packet);
            _merger.Add(packet);
        }

        _merger.Finish();
        int count = _gather.Count;
        _gather.Clear();
        return count;
    }
}
