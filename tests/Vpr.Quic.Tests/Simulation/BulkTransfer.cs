using Vpr.Testing;

namespace Vpr.Quic.Tests.Simulation;

/// <summary>A client that sends one long stream as fast as it may, and a server that reads it.</summary>
internal sealed class BulkTransfer
{
    private readonly EndpointPair _pair;
    private readonly long _total;
    private readonly byte[] _data = new byte[64 << 10];
    private readonly byte[] _into = new byte[64 << 10];
    private StreamId _stream;
    private long _written;

    public BulkTransfer(EndpointPair pair, long total)
    {
        _pair = pair;
        _total = total;
        pair.Client.Happened = OnClient;
        pair.Server.Happened = OnServer;
    }

    /// <summary>Bytes that the server has read.</summary>
    public long Received { get; private set; }

    /// <summary>Whether the stream's end was read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Transfers everything, and says how fast.</summary>
    /// <returns>Payload bits a second from the first byte sent to the last byte read.</returns>
    public double Run(TimeSpan limit)
    {
        _pair.Connect();
        _pair.Network.RunUntil(() => _written > 0, limit);
        TimeSpan start = _pair.Network.Elapsed;
        _pair.Network.RunUntil(() => IsComplete, limit);
        Assert.Equal(_total, Received);
        return Received * 8 / (_pair.Network.Elapsed - start).TotalSeconds;
    }

    private void OnClient(QuicConnection connection, ConnectionEvent ev)
    {
        if (ev.Kind == ConnectionEventKind.HandshakeCompleted) Assert.True(connection.TryOpenStream(StreamDirection.Unidirectional, out _stream));
        if (ev.Kind is not (ConnectionEventKind.HandshakeCompleted or ConnectionEventKind.StreamWritable)) return;
        int accepted;
        do
        {
            int count = (int)Math.Min(_data.Length, _total - _written);
            accepted = connection.Write(_stream, _data.AsSpan(0, count), _written + count == _total);
            _written += accepted;
        }
        while (accepted == _data.Length && _written < _total);
    }

    private void OnServer(QuicConnection connection, ConnectionEvent ev)
    {
        if (ev.Kind != ConnectionEventKind.StreamReadable) return;
        int count;
        bool fin;
        while ((count = connection.Read(ev.Stream, _into, out fin)) > 0) Received += count;
        IsComplete |= fin;
    }
}
