using Vpr.Io;
using Vpr.Testing;
using Vpr.Wire;

namespace Vpr.Quic.Tests.Connection;

/// <summary>A peer with the right keys that says whatever comes to its mind.</summary>
public class RandomFramesTests
{
    private const int Packets = 40;

    // Every type of RFC 9000 §19, RFC 9221 §4 and draft-ietf-quic-ack-frequency §4, §5 as it is encoded, with the count of integers that follow it.
    private static readonly (ushort Type, int Integers, int Bytes)[] Frames =
    [
        (0x00, 0, 0), (0x01, 0, 0), (0x02, 4, 0), (0x03, 7, 0), (0x04, 3, 0), (0x05, 2, 0), (0x06, 2, -1), (0x07, 1, -1),
        (0x08, 1, 9), (0x0a, 2, -1), (0x0c, 2, 9), (0x0e, 3, -1), (0x0f, 3, -1), (0x10, 1, 0), (0x11, 2, 0), (0x12, 1, 0), (0x13, 1, 0),
        (0x14, 1, 0), (0x15, 2, 0), (0x16, 1, 0), (0x18, 2, 25), (0x19, 1, 0), (0x1a, 0, 8), (0x1b, 0, 8), (0x1c, 3, -1), (0x1d, 2, -1),
        (0x1e, 0, 0), (0x30, 0, 20), (0x31, 1, -1), (0x21, 1, 0), (0x1f, 0, 0), (0x40af, 4, 0),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("rfc", "9000 §12.4")]
    public void Never_break_a_server(int hundred)
    {
        for (int i = 0; i < 100; i++) Run((ulong)(hundred * 100 + i));
    }

    private static void Run(ulong seed)
    {
        using EndpointPair pair = new(seed, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromMilliseconds(200));
        QuicConnection server = pair.ServerConnection!;
        server.DatagramHandler = new Collector();
        Assert.True(server.TryOpenStream(StreamDirection.Bidirectional, out StreamId ours));
        server.Write(ours, new byte[5_000], fin: false);

        ConnectionId serverId = DestinationOf(pair);
        SeededRandom random = new(seed ^ 0xf4a3e5);
        byte[] datagram = new byte[1500];
        byte[] scratch = new byte[65_535];
        DatagramPath path = new(EndpointPair.ServerAddress, EndpointPair.ClientAddress);
        for (int i = 0; i < Packets && !server.IsClosed; i++)
        {
            Assert.True(PacketBuilder.TryBeginShort(
                datagram, 0, 1400, pair.ClientConnection.ApplicationSpace, serverId, fixedBit: true, spinBit: false, out PacketBuilder packet));
            for (int frames = random.Next(1, 4); frames > 0 && packet.Room > 100; frames--) packet.Advance(WriteFrame(packet.Free, random));
            int length = packet.Finish();
            pair.Server.Receive(pair.Network.Now, path, EcnCodepoint.NotEct, datagram.AsSpan(0, length));
            while (pair.Server.Endpoint.Transmit(pair.Network.Now, scratch, out _, out _) > 0)
            {
            }
        }

        Assert.InRange(server.StreamSet.Count, 0, 128 + 16 + 1);
        if (!server.IsClosed) return;
        ConnectionEvent closed = pair.ServerEvents[^1];
        Assert.Equal(ConnectionEventKind.Closed, closed.Kind);
        // Nothing that a peer says is this end's own fault.
        Assert.True(closed.CloseSource != CloseSource.LocalTransport || closed.ErrorCode != (ulong)TransportErrorCode.InternalError, $"seed {seed}");
    }

    private static ConnectionId DestinationOf(EndpointPair pair)
    {
        pair.ClientConnection.TryQueueDatagram([1]);
        byte[] datagram = new byte[1500];
        Assert.True(pair.Client.Endpoint.Transmit(pair.Network.Now, datagram, out _, out _) > 9);
        return new ConnectionId(datagram.AsSpan(1, 8));
    }

    private static int WriteFrame(Span<byte> destination, SeededRandom random)
    {
        (ushort type, int integers, int bytes) = Frames[random.Next(0, Frames.Length - 1)];
        int length = 0;
        if (type > byte.MaxValue) destination[length++] = (byte)(type >> 8);
        destination[length++] = (byte)(type & 0xff);
        ulong last = 0;
        for (int i = 0; i < integers; i++)
        {
            last = Integer(random);
            // The last integer before bytes of that length is kept small, or hardly any frame would be whole.
            if (bytes < 0 && i == integers - 1) last %= 60;
            length += VarInt.Write(destination[length..], last);
        }

        int count = bytes < 0 ? (int)last : bytes;
        random.FillPublic(destination.Slice(length, count));
        if (type == 0x18) destination[length] = 8;
        return length + count;
    }

    private static ulong Integer(SeededRandom random) => random.Next(0, 9) switch
    {
        < 6 => (ulong)random.Next(0, 12),
        < 8 => (ulong)random.Next(0, 70_000),
        8 => random.NextUInt64() & VarInt.Max,
        _ => VarInt.Max,
    };
}
