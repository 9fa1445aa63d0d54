using BenchmarkDotNet.Attributes;
using Vpr.Io;
using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;

namespace Vpr.Perf.Micro.Quic;

/// <summary>What loss recovery costs a packet: recorded when sent, resolved by an ACK frame of two packets, 100 packets later.</summary>
[MemoryDiagnoser]
public class AcknowledgementBenchmark
{
    private const int PacketsAnOperation = 1_000;
    private const ulong InFlight = 100;
    private const SentPacketTraits Traits = SentPacketTraits.AckEliciting | SentPacketTraits.InFlight;

    private LossRecovery<Cubic> _recovery = null!;
    private Instant _now;
    private ulong _next;

    /// <summary>Fills the flight.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _now = new Instant(1_000_000_000);
        _recovery = new LossRecovery<Cubic>(_now, isClient: true, maxDatagramSize: 1452, useEcn: false, new Owner());
        _recovery.OnHandshakeConfirmed(_now);
        for (_next = 0; _next < InFlight;) Send(withFrame: true);
    }

    /// <summary>Packets with one STREAM frame each.</summary>
    [Benchmark(OperationsPerInvoke = PacketsAnOperation)]
    public void SendAndAcknowledge_Stream() => Run(withFrame: true, ranges: 1);

    /// <summary>Packets of the tunnel: a DATAGRAM frame leaves no record.</summary>
    [Benchmark(OperationsPerInvoke = PacketsAnOperation)]
    public void SendAndAcknowledge_Datagram() => Run(withFrame: false, ranges: 1);

    /// <summary>The same with ACK frames that repeat 32 older ranges, as after loss.</summary>
    [Benchmark(OperationsPerInvoke = PacketsAnOperation)]
    public void SendAndAcknowledge_32Ranges() => Run(withFrame: true, ranges: 32);

    /// <summary>The deadline, which a loop asks for after every packet.</summary>
    [Benchmark]
    public Instant NextTimeout() => _recovery.NextTimeout;

    private void Run(bool withFrame, int ranges)
    {
        for (int i = 0; i < PacketsAnOperation; i += 2)
        {
            Send(withFrame);
            Send(withFrame);
            ulong largest = _next - InFlight - 1;
            _recovery.BeginAcknowledgement(PacketNumberSpace.Application, largest);
            _recovery.AcknowledgeRange(largest - 1, largest);
            for (ulong range = 1; range < (ulong)ranges && largest > 4 * range; range++)
                _recovery.AcknowledgeRange(largest - 4 * range, largest - 4 * range + 1);
            _recovery.EndAcknowledgement(_now, TimeSpan.Zero, null);
        }
    }

    private void Send(bool withFrame)
    {
        _now += TimeSpan.FromMicroseconds(10);
        if (withFrame) _recovery.Record(PacketNumberSpace.Application, SentFrame.Stream(new(4), _next * 1400, 1400, fin: false));
        _recovery.OnPacketSent(_now, PacketNumberSpace.Application, _next++, 1452, Traits);
    }

    private sealed class Owner : ISentFrameOwner
    {
        private long _resolved;

        public void OnFrameAcknowledged(PacketNumberSpace space, in SentFrame frame) => _resolved += frame.Length;

        public void OnFrameLost(PacketNumberSpace space, in SentFrame frame) => throw new InvalidOperationException("Nothing is lost here.");

        public void OnPacketAcknowledged(int size) => _resolved += size;

        public void OnPacketLost(int size) => throw new InvalidOperationException("Nothing is lost here.");

        public void OnMtuProbeAcknowledged(int size) => _resolved += size;

        public void OnMtuProbeLost(int size) => throw new InvalidOperationException("Nothing is lost here.");
    }
}
