using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Tunnel.Queueing;
using Xunit.Abstractions;

namespace Vpr.Tunnel.Tests.Queueing;

/// <summary>Eight transfers and a ping through a link of 100 Mbit/s: what the queue in front of it does to the ping.</summary>
public sealed class BottleneckTests(ITestOutputHelper output)
{
    [Fact]
    public void A_ping_beside_eight_transfers_waits_at_most_5_ms_with_FqCodel()
    {
        FqCodelQueue queue = new(key: 1);
        Bottleneck link = new(queue.Enqueue, queue.TryDequeue);
        link.Run(TimeSpan.FromSeconds(20));
        output.WriteLine(link.ToString());
        Assert.InRange(link.PingPercentile(0.99), 0.0, 5.0);
        Assert.InRange(link.Utilization, 0.95, 1.001);
        // The transfers have equal shares, within a tenth.
        Assert.InRange(link.Transferred.Max() / (double)link.Transferred.Min(), 1, 1.1);
        Assert.True(queue.Drops > 0);
    }

    [Fact]
    public void The_same_ping_waits_more_than_50_ms_behind_a_tail_drop_queue_of_the_same_size()
    {
        TailDropQueue queue = new();
        Bottleneck link = new(queue.Enqueue, queue.TryDequeue);
        link.Run(TimeSpan.FromSeconds(20));
        output.WriteLine(link.ToString());
        Assert.InRange(link.PingPercentile(0.99), 50.0, 1000);
        Assert.True(queue.Drops > 0);
        Assert.InRange(link.Utilization, 0.95, 1.001);
    }

    private delegate void Enqueue(Instant now, ReadOnlySpan<byte> packet, in IpPacket facts);

    private delegate bool TryDequeue(Instant now, Span<byte> destination, out int length);

    /// <summary>A link behind a queue, senders that halve their window when they lose a packet (RFC 5681), and a pinger.</summary>
    private sealed class Bottleneck(Enqueue enqueue, TryDequeue tryDequeue)
    {
        private const int Transfers = 8;
        private const int PingFlow = 99;
        private const double NanosecondsPerByte = 80; // 100 Mbit/s
        private const long RoundTrip = 20_000_000; // without the queue
        private const long PingPeriod = 10_000_000;
        private const long WarmUp = 3_000_000_000;

        private readonly PriorityQueue<(EventKind Kind, int Flow, int Number), (long At, long Order)> _events = new();
        private readonly Sender[] _senders = [.. Enumerable.Range(0, Transfers).Select(_ => new Sender())];
        private readonly List<double> _pings = [];
        private readonly Dictionary<int, long> _pingSentAt = [];
        private readonly byte[][] _packets = [.. Enumerable.Range(0, Transfers).Select(flow => WaitingPacket.Create(flow, 0))];
        private readonly byte[] _leaving = new byte[2000];
        private long _order;
        private long _now;
        private long _busyFor;
        private bool _isBusy;

        private enum EventKind
        {
            Start,
            Ping,
            LinkFree,
            Acknowledged,
        }

        public long[] Transferred { get; } = new long[Transfers];

        public override string ToString() => FormattableString.Invariant($"ping p50 {PingPercentile(0.5):F2} ms, p99 {PingPercentile(0.99):F2} ms, link used {Utilization:P1}");

        public double Utilization => _busyFor / (double)(_now - WarmUp);

        public double PingPercentile(double quantile) => _pings.Order().ElementAt((int)(quantile * _pings.Count));

        public void Run(TimeSpan duration)
        {
            for (int flow = 0; flow < Transfers; flow++) At(flow * 7_000_000, EventKind.Start, flow, 0);
            At(0, EventKind.Ping, PingFlow, 0);
            while (_events.TryDequeue(out (EventKind Kind, int Flow, int Number) happened, out (long At, long Order) when) && when.At < duration.Ticks * 100)
            {
                _now = when.At;
                switch (happened.Kind)
                {
                    case EventKind.Start:
                        SendMore(happened.Flow);
                        break;
                    case EventKind.Ping:
                        _pingSentAt[happened.Number] = _now;
                        Put(WaitingPacket.Create(PingFlow, happened.Number, 84));
                        At(_now + PingPeriod, EventKind.Ping, PingFlow, happened.Number + 1);
                        break;
                    case EventKind.LinkFree:
                        _isBusy = false;
                        break;
                    case EventKind.Acknowledged:
                        _senders[happened.Flow].OnAcknowledged(happened.Number);
                        SendMore(happened.Flow);
                        break;
                }

                Serve();
            }

            Assert.True(_pings.Count > 1000, $"only {_pings.Count} pings arrived");
        }

        private void SendMore(int flow)
        {
            Sender sender = _senders[flow];
            while (sender.TrySend(out int number))
            {
                BinaryPrimitives.WriteInt32BigEndian(_packets[flow].AsSpan(28), number);
                Put(_packets[flow]);
            }
        }

        private void Put(ReadOnlySpan<byte> packet)
        {
            Assert.True(IpPacket.TryRead(packet, out IpPacket facts));
            enqueue(new Instant(_now), packet, facts);
        }

        private void Serve()
        {
            if (_isBusy || !tryDequeue(new Instant(_now), _leaving, out int length)) return;
            long duration = (long)(length * NanosecondsPerByte), arrival = _now + duration;
            int flow = WaitingPacket.Flow(_leaving), number = WaitingPacket.Number(_leaving);
            _isBusy = true;
            At(arrival, EventKind.LinkFree, 0, 0);
            if (flow != PingFlow) At(arrival + RoundTrip, EventKind.Acknowledged, flow, number);
            if (_now < WarmUp) return;
            _busyFor += duration;
            if (flow == PingFlow) _pings.Add((arrival - _pingSentAt[number]) / 1e6);
            else Transferred[flow] += length;
        }

        private void At(long when, EventKind kind, int flow, int number) => _events.Enqueue((kind, flow, number), (when, _order++));

        /// <summary>Slow start, congestion avoidance, and one halving a round trip.</summary>
        private sealed class Sender
        {
            private double _window = 10;
            private double _threshold = double.MaxValue;
            private int _next;
            private int _expected;
            private int _recoversAt;

            public bool TrySend(out int number)
            {
                number = _next;
                if (_next - _expected >= (int)_window) return false;
                _next++;
                return true;
            }

            public void OnAcknowledged(int number)
            {
                bool hasLost = number > _expected;
                _expected = number + 1;
                if (hasLost && number >= _recoversAt)
                {
                    _threshold = _window = Math.Max(2, _window / 2);
                    _recoversAt = _next;
                }
                else if (!hasLost)
                {
                    _window += _window < _threshold ? 1 : 1 / _window;
                }
            }
        }
    }
}
