using BenchmarkDotNet.Attributes;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Tunnel.Queueing;
using Vpr.Wire.Ip;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>What it costs a packet to wait: into the queue and out of it, among 200 packets of nine flows; times are per packet.</summary>
[MemoryDiagnoser]
public class QueueBenchmarks
{
    private const int Packets = 200;
    private const int Flows = 9;

    private readonly FqCodelQueue _queue = new(key: 5);
    private readonly byte[][] _packets = new byte[Packets][];
    private readonly IpPacket[] _facts = new IpPacket[Packets];
    private readonly byte[] _destination = new byte[2048];

    /// <summary>Bytes of a packet.</summary>
    [Params(100, 1400)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (int index = 0; index < Packets; index++)
        {
            byte[] packet = _packets[index] = new byte[Length];
            new Ipv4Header
            {
                InternetHeaderLength = 5, TotalLength = (ushort)Length, TimeToLive = 64, Protocol = IpProtocol.Udp,
                SourceAddress = 0x0A560001, DestinationAddress = 0x0A560002,
            }.Write(packet);
            new UdpHeader((ushort)(40_000 + index % Flows), 443, (ushort)(Length - 20), 0).Write(packet.AsSpan(20));
            if (!IpPacket.TryRead(packet, out _facts[index])) throw new InvalidOperationException("The packet is malformed.");
        }
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public int EnqueueAndDequeue()
    {
        Instant now = new(1_000_000_000);
        for (int index = 0; index < Packets; index++) _queue.Enqueue(now, _packets[index], _facts[index]);
        int bytes = 0;
        while (_queue.TryDequeue(now, _destination, out int length)) bytes += length;
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public ulong Hash()
    {
        ulong hashes = 0;
        for (int index = 0; index < Packets; index++) hashes ^= FlowHash.Compute(5, _packets[index], _facts[index]);
        return hashes;
    }
}
