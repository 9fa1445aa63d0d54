using Vpr.Io;
using Vpr.Quic.Streams;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Streams;

/// <summary>Whole transfers over a bad network, compared byte for byte, until nothing is left on either side.</summary>
public class StreamTransferTests
{
    [Fact]
    [Trait("rfc", "9000 §2")]
    public void Whatever_the_network_does_every_stream_arrives_whole_and_is_forgotten()
    {
        for (ulong seed = 1; seed <= 120; seed++) Run(seed);
    }

    private static void Run(ulong seed)
    {
        SeededRandom random = new(seed);
        StreamPair pair = new(sendBuffer: random.Next(500, 9_000));
        double loss = random.NextDouble() * 0.3;
        Application client = new(pair.Client, random, streams: random.Next(1, 12));
        Application server = new(pair.Server, random, streams: random.Next(0, 12));
        List<StreamPair.Packet> flying = [];
        List<StreamPair.Packet> answered = [];
        Instant now = new(1);
        for (int step = 0; !(client.IsDone(server) && server.IsDone(client) && flying.Count + answered.Count == 0 && pair.Client.Count + pair.Server.Count == 0); step++)
        {
            Assert.True(step < 200_000, $"seed {seed}: no end; {client} {server}");
            now += TimeSpan.FromMilliseconds(1);
            pair.SetClock(now);
            client.Act();
            server.Act();
            StreamSet sender = random.Chance(0.5) ? pair.Client : pair.Server;
            if (random.Chance(0.7) && pair.Take(sender, random.Next(60, 1200)) is { } taken) flying.Add(taken);
            if (flying.Count > 0 && random.Chance(0.6))
            {
                StreamPair.Packet packet = flying[random.Next(0, flying.Count - 1)];
                flying.Remove(packet);
                if (random.Chance(loss))
                {
                    StreamPair.Lose(packet);
                }
                else
                {
                    Assert.True(pair.Deliver(packet) == TransportErrorCode.NoError, $"seed {seed}");
                    if (random.Chance(0.1)) Assert.True(pair.Deliver(packet) == TransportErrorCode.NoError, $"seed {seed}: duplicate");
                    answered.Add(packet);
                }
            }

            if (answered.Count > 0 && random.Chance(0.6))
            {
                StreamPair.Packet packet = answered[random.Next(0, answered.Count - 1)];
                answered.Remove(packet);
                // A lost acknowledgement makes data that arrived go out again.
                if (random.Chance(loss)) StreamPair.Lose(packet);
                else StreamPair.Acknowledge(packet);
            }
        }

        Assert.True(pair.Pool.Outstanding == 0, $"seed {seed}: {pair.Pool.Outstanding} pieces of memory kept");
    }

    /// <summary>Opens streams, writes to them and reads what the other end writes, in its own time.</summary>
    private sealed class Application
    {
        private readonly StreamSet _streams;
        private readonly SeededRandom _random;
        private readonly Queue<byte[]> _toSend = new();
        private readonly Dictionary<StreamId, (byte[] Data, int Written, bool Done)> _writing = [];
        private readonly HashSet<StreamId> _readable = [];
        private readonly byte[] _into = new byte[700];

        public Application(StreamSet set, SeededRandom random, int streams)
        {
            _streams = set;
            _random = random;
            for (int i = 0; i < streams; i++)
            {
                byte[] data = new byte[random.Chance(0.2) ? 0 : random.Next(1, 25_000)];
                random.FillPublic(data);
                _toSend.Enqueue(data);
            }
        }

        public Dictionary<StreamId, byte[]> Sent { get; } = [];

        public Dictionary<StreamId, List<byte>> Received { get; } = [];

        public HashSet<StreamId> Finished { get; } = [];

        /// <summary>Whether all that this end sent was written, and arrived at <paramref name="peer"/> as it was.</summary>
        public bool IsDone(Application peer)
        {
            if (_toSend.Count > 0 || _writing.Values.Any(state => !state.Done)) return false;
            foreach ((StreamId id, byte[] data) in Sent)
            {
                if (!peer.Finished.Contains(id)) return false;
                if (!data.AsSpan().SequenceEqual(peer.Received[id].ToArray())) throw new InvalidOperationException($"{id} arrived changed");
            }

            return true;
        }

        public void Act()
        {
            while (_streams.TryTakeEvent(out ConnectionEvent ev))
            {
                if (ev.Kind == ConnectionEventKind.StreamReadable) _readable.Add(ev.Stream);
                // What the peer opens two-way is answered with a stream of our own data.
                if (ev.Kind == ConnectionEventKind.StreamOpened && ev.Stream.Direction == StreamDirection.Bidirectional) Begin(ev.Stream);
            }

            if (_toSend.Count > 0 && _random.Chance(0.2))
            {
                StreamDirection direction = _random.Chance(0.5) ? StreamDirection.Bidirectional : StreamDirection.Unidirectional;
                if (_streams.TryOpen(direction, out StreamId id))
                {
                    Begin(id, _toSend.Dequeue());
                }
            }

            foreach ((StreamId id, (byte[] data, int written, bool done)) in _writing.ToArray())
            {
                if (done || _random.Chance(0.5)) continue;
                int count = _random.Next(0, Math.Min(2_000, data.Length - written));
                bool last = written + count == data.Length;
                int accepted = _streams.Write(id, data.AsSpan(written, count), last);
                _writing[id] = (data, written + accepted, last && accepted == count);
            }

            foreach (StreamId id in _readable.ToArray())
            {
                if (_random.Chance(0.5)) continue;
                int count = _streams.Read(id, _into.AsSpan(0, _random.Next(1, _into.Length)), out bool fin);
                if (!Received.TryGetValue(id, out List<byte>? data)) Received[id] = data = [];
                data.AddRange(_into[..count]);
                if (fin) Finished.Add(id);
                if (count == 0 || fin) _readable.Remove(id);
            }
        }

        public override string ToString() =>
            $"[to send {_toSend.Count}, writing {_writing.Values.Count(state => !state.Done)}, finished {Finished.Count}, open {_streams.Count}]";

        private void Begin(StreamId id, byte[]? data = null)
        {
            if (data is null)
            {
                data = new byte[_random.Next(0, 9_000)];
                _random.FillPublic(data);
            }

            Sent[id] = data;
            _writing[id] = (data, 0, false);
        }
    }
}
