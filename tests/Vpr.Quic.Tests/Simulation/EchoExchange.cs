using System.Buffers.Binary;
using Vpr.Quic.Streams;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Simulation;

/// <summary>What two applications do in a simulated run: the client opens streams, the server sends back what comes; some streams are abandoned; datagrams go both ways.</summary>
internal sealed class EchoExchange : IDatagramHandler
{
    private readonly EndpointPair _pair;
    private readonly SeededRandom _random;
    private readonly Queue<byte[]> _toSend = new();
    private readonly Dictionary<StreamId, Outgoing> _client = [];
    private readonly Dictionary<StreamId, Outgoing> _server = [];
    private readonly Dictionary<StreamId, int> _echoed = [];
    private readonly HashSet<(bool FromClient, uint Number)> _datagrams = [];
    private readonly byte[] _into = new byte[3_000];
    private uint _nextDatagram;
    private int _finished;
    private int _streams;
    private int _confirmed;

    public EchoExchange(EndpointPair pair, int streams, int maxBytes)
    {
        _pair = pair;
        _random = pair.Network.Random.Fork();
        _streams = streams;
        for (int i = 0; i < streams; i++)
        {
            byte[] data = new byte[_random.Next(0, maxBytes)];
            _random.FillPublic(data);
            _toSend.Enqueue(data);
        }

        pair.Client.Happened = OnClient;
        pair.Server.Happened = OnServer;
        pair.Server.Accepted = connection => connection.DatagramHandler = this;
    }

    /// <summary>What went wrong, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Datagrams that arrived.</summary>
    public int DatagramsReceived => _datagrams.Count;

    /// <summary>The server's connection.</summary>
    public QuicConnection? ServerConnection { get; private set; }

    /// <summary>Whether both ends have confirmed the handshake.</summary>
    public bool IsConfirmed => _confirmed == 2;

    /// <summary>Whether both ends were told that it is over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether every stream came to its end, and both ends have forgotten it.</summary>
    public bool IsDone =>
        Fault is not null
        || _finished == _streams && _pair.ClientConnection.StreamSet.Count == 0 && ServerConnection?.StreamSet.Count == 0;

    public override string ToString() =>
        $"{_finished} of {_streams} streams, {_toSend.Count} not begun, open {_pair.ClientConnection.StreamSet.Count}/{ServerConnection?.StreamSet.Count}";

    public void OnDatagram(QuicConnection connection, Span<byte> payload)
    {
        bool fromClient = connection != _pair.ClientConnection;
        if (payload.Length < 4 || payload[4..].ContainsAnyExcept((byte)0x5A)) Fault ??= "a datagram arrived changed";
        else if (!_datagrams.Add((fromClient, BinaryPrimitives.ReadUInt32BigEndian(payload)))) Fault ??= "a datagram arrived twice";
    }

    private void OnClient(QuicConnection connection, ConnectionEvent ev)
    {
        if (ev.Kind == ConnectionEventKind.HandshakeConfirmed) _confirmed++;
        switch (ev.Kind)
        {
            case ConnectionEventKind.HandshakeCompleted:
                connection.DatagramHandler = this;
                OpenStreams(connection);
                break;
            case ConnectionEventKind.StreamsAvailable:
                OpenStreams(connection);
                break;
            case ConnectionEventKind.StreamWritable:
                Continue(connection, ev.Stream, _client[ev.Stream]);
                break;
            case ConnectionEventKind.StreamReadable:
                ReadEcho(connection, ev.Stream);
                break;
            case ConnectionEventKind.StreamReset:
                if (!_client[ev.Stream].IsAbandoned) Fault ??= $"{ev.Stream} was reset for no reason";
                Finish(ev.Stream);
                break;
            case ConnectionEventKind.Closed when ev.CloseSource != CloseSource.LocalApplication:
                Fault ??= $"client closed by {ev.CloseSource}, code {ev.ErrorCode}";
                break;
        }
    }

    private void OnServer(QuicConnection connection, ConnectionEvent ev)
    {
        if (ev.Kind == ConnectionEventKind.HandshakeConfirmed) _confirmed++;
        ServerConnection = connection;
        switch (ev.Kind)
        {
            case ConnectionEventKind.StreamOpened:
                _server[ev.Stream] = new Outgoing();
                break;
            case ConnectionEventKind.StreamReadable:
                Outgoing echo = _server[ev.Stream];
                int count;
                while ((count = connection.Read(ev.Stream, _into, out bool fin)) > 0 || fin)
                {
                    echo.Data.AddRange(_into[..count]);
                    echo.IsComplete |= fin;
                    if (fin) break;
                }

                Continue(connection, ev.Stream, echo);
                SendDatagram(connection);
                break;
            case ConnectionEventKind.StreamWritable:
                Continue(connection, ev.Stream, _server[ev.Stream]);
                break;
            case ConnectionEventKind.StreamReset:
                connection.Reset(ev.Stream, ev.ErrorCode + 1);
                break;
            case ConnectionEventKind.Closed:
                IsClosed = true;
                if (ev.CloseSource is not (CloseSource.PeerApplication or CloseSource.IdleTimeout)) Fault ??= $"server closed by {ev.CloseSource}, code {ev.ErrorCode}";
                break;
        }
    }

    private void OpenStreams(QuicConnection connection)
    {
        while (_toSend.Count > 0 && connection.TryOpenStream(StreamDirection.Bidirectional, out StreamId id))
        {
            Outgoing stream = new() { IsComplete = true };
            stream.Data.AddRange(_toSend.Dequeue());
            _client[id] = stream;
            Continue(connection, id, stream);
            if (_random.Chance(0.1))
            {
                stream.IsAbandoned = true;
                connection.Reset(id, 77);
            }

            SendDatagram(connection);
        }
    }

    private void SendDatagram(QuicConnection connection)
    {
        Span<byte> payload = stackalloc byte[_random.Next(4, 600)];
        payload.Fill(0x5A);
        BinaryPrimitives.WriteUInt32BigEndian(payload, _nextDatagram++);
        connection.TryQueueDatagram(payload);
    }

    private static void Continue(QuicConnection connection, StreamId id, Outgoing stream)
    {
        if (stream.IsAbandoned || stream.IsEnded) return;
        ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(stream.Data)[stream.Written..];
        int accepted = connection.Write(id, rest, stream.IsComplete);
        stream.Written += accepted;
        stream.IsEnded = stream.IsComplete && accepted == rest.Length;
    }

    private void ReadEcho(QuicConnection connection, StreamId id)
    {
        Outgoing sent = _client[id];
        int count;
        while ((count = connection.Read(id, _into, out bool fin)) > 0 || fin)
        {
            int at = _echoed.GetValueOrDefault(id);
            ReadOnlySpan<byte> expected = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sent.Data);
            if (at + count > expected.Length || !expected.Slice(at, count).SequenceEqual(_into.AsSpan(0, count))) Fault ??= $"{id} came back changed at {at}";
            _echoed[id] = at + count;
            if (fin && at + count != expected.Length) Fault ??= $"{id} ended after {at + count} of {expected.Length}";
            if (fin) Finish(id);
            if (fin) break;
        }
    }

    private void Finish(StreamId id)
    {
        if (_client[id].IsOver) Fault ??= $"{id} ended twice";
        _client[id].IsOver = true;
        _finished++;
    }

    private sealed class Outgoing
    {
        public List<byte> Data { get; } = [];

        public int Written { get; set; }

        public bool IsComplete { get; set; }

        public bool IsEnded { get; set; }

        public bool IsAbandoned { get; set; }

        public bool IsOver { get; set; }
    }
}
