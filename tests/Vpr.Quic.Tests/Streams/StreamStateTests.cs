using Vpr.Quic.Streams;
using Vpr.Testing;
using Vpr.Wire;
using static Vpr.Quic.StreamDirection;
using static Vpr.Quic.TransportErrorCode;

namespace Vpr.Quic.Tests.Streams;

[Trait("rfc", "9000 §3")]
public class StreamStateTests
{
    private readonly StreamPair _pair = new();
    private readonly byte[] _into = new byte[10_000];

    private StreamSet Client => _pair.Client;

    private StreamSet Server => _pair.Server;

    private static StreamId ServerStream(ulong ordinal, StreamDirection direction = Bidirectional) => StreamId.Create(ordinal, direction, false);

    private static StreamId ClientStream(ulong ordinal, StreamDirection direction = Bidirectional) => StreamId.Create(ordinal, direction, true);

    private static (ConnectionEventKind, StreamId)[] Told(StreamSet streams) => [.. StreamPair.Events(streams).Select(ev => (ev.Kind, ev.Stream))];

    [Fact]
    [Trait("rfc", "9000 §3.2")]
    public void A_higher_stream_opens_all_lower_ones_of_its_kind()
    {
        Assert.Equal(NoError, Client.OnStream(ServerStream(2), 0, "x"u8, false));
        Assert.Equal(
            [
                (ConnectionEventKind.StreamOpened, ServerStream(0)),
                (ConnectionEventKind.StreamOpened, ServerStream(1)),
                (ConnectionEventKind.StreamOpened, ServerStream(2)),
                (ConnectionEventKind.StreamReadable, ServerStream(2)),
            ],
            Told(Client));
    }

    [Fact]
    [Trait("rfc", "9000 §4.6")]
    public void A_stream_beyond_the_limit_is_an_error_and_closing_streams_raises_it()
    {
        Assert.Equal(StreamLimitError, Client.OnStream(ServerStream(4), 0, "x"u8, false));
        Assert.Equal(StreamLimitError, Client.OnStream(ServerStream(3, Unidirectional), 0, "x"u8, false));
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Server.TryOpen(Unidirectional, out StreamId id));
            Server.Write(id, default, fin: true);
        }

        Assert.False(Server.TryOpen(Unidirectional, out _));
        _pair.Settle();
        foreach ((ConnectionEventKind kind, StreamId id) in Told(Client))
        {
            if (kind == ConnectionEventKind.StreamReadable) Client.Read(id, _into, out _);
        }

        _pair.Settle();
        Assert.Contains((ConnectionEventKind.StreamsAvailable, default(StreamId)), Told(Server));
        Assert.True(Server.TryOpen(Unidirectional, out StreamId next));
        Assert.Equal(3UL, next.Ordinal);
    }

    [Fact]
    [Trait("rfc", "9000 §19.8")]
    public void Frames_for_a_part_that_does_not_exist_are_errors()
    {
        Assert.True(Client.TryOpen(Unidirectional, out StreamId mine));
        Assert.Equal(StreamStateError, Client.OnStream(mine, 0, "x"u8, false));
        Assert.Equal(StreamStateError, Client.OnResetStream(mine, 0, 0));
        Assert.Equal(StreamStateError, Client.OnStreamDataBlocked(mine));
        Assert.Equal(StreamStateError, Client.OnStopSending(ServerStream(0, Unidirectional), 0));
        Assert.Equal(StreamStateError, Client.OnMaxStreamData(ServerStream(0, Unidirectional), 1));
        // Ours, but never opened.
        Assert.Equal(StreamStateError, Client.OnStream(ClientStream(0), 0, "x"u8, false));
        Assert.Equal(StreamStateError, Client.OnMaxStreamData(ClientStream(0), 1));
    }

    [Fact]
    [Trait("rfc", "9000 §19.8")]
    public void Data_past_the_largest_offset_is_malformed() =>
        Assert.Equal(FrameEncodingError, Client.OnStream(ServerStream(0), VarInt.Max, "x"u8, false));

    [Fact]
    [Trait("rfc", "9000 §4.1")]
    public void Data_past_a_streams_limit_is_an_error()
    {
        Assert.Equal(NoError, Client.OnStream(ServerStream(0), 5_999, "x"u8, false));
        Assert.Equal(FlowControlError, Client.OnStream(ServerStream(0), 6_000, "x"u8, false));
    }

    [Fact]
    [Trait("rfc", "9000 §4.1")]
    public void Data_past_the_connections_limit_is_an_error_although_each_stream_has_room()
    {
        for (ulong i = 0; i < 3; i++) Assert.Equal(NoError, Client.OnStream(ServerStream(i), 5_999, "x"u8, false));
        Assert.Equal(NoError, Client.OnStream(ServerStream(3), 1_999, "x"u8, false));
        Assert.Equal(FlowControlError, Client.OnStream(ServerStream(3), 2_000, "x"u8, false));
    }

    [Fact]
    [Trait("rfc", "9000 §4.5")]
    public void The_final_size_never_changes()
    {
        Assert.Equal(NoError, Client.OnStream(ServerStream(0), 0, "hello"u8, true));
        Assert.Equal(NoError, Client.OnStream(ServerStream(0), 0, "hello"u8, true));
        Assert.Equal(FinalSizeError, Client.OnStream(ServerStream(0), 5, "x"u8, false));
        Assert.Equal(FinalSizeError, Client.OnStream(ServerStream(0), 0, "hell"u8, true));
        Assert.Equal(FinalSizeError, Client.OnResetStream(ServerStream(0), 0, 6));

        Assert.Equal(NoError, Client.OnStream(ServerStream(1), 10, "x"u8, false));
        Assert.Equal(FinalSizeError, Client.OnStream(ServerStream(1), 5, "x"u8, true));
        Assert.Equal(FinalSizeError, Client.OnResetStream(ServerStream(1), 0, 10));
    }

    [Fact]
    [Trait("rfc", "9000 §4.5")]
    public void A_reset_counts_the_whole_stream_against_the_connection_and_gives_it_back()
    {
        for (ulong i = 0; i < 3; i++) Assert.Equal(NoError, Client.OnResetStream(ServerStream(i), 7, 6_000));
        // 18,000 of 20,000 are used, and nothing of it will ever be read: the next packet gives it back.
        StreamPair.Packet packet = _pair.Take(Client)!;
        Assert.Contains(packet.Frames, frame => frame.Kind == Quic.Recovery.SentFrameKind.MaxData && frame.Offset == 38_000);
        Assert.Equal(NoError, Client.OnResetStream(ServerStream(3), 7, 6_000));
        Assert.Equal(0, Client.Read(ServerStream(0), _into, out _));
    }

    [Fact]
    [Trait("rfc", "9000 §3.5")]
    public void Stop_sending_makes_the_peer_reset_with_the_same_code()
    {
        Assert.True(Server.TryOpen(Bidirectional, out StreamId id));
        Server.Write(id, new byte[4_000], fin: false);
        _pair.Settle();
        Client.StopSending(id, 99);
        _pair.Settle();
        Assert.Contains(StreamPair.Events(Server), ev => ev == new ConnectionEvent(ConnectionEventKind.StreamStopped, id, 99));
        // Who asked for it is not told of the reset that answers.
        Assert.DoesNotContain(StreamPair.Events(Client), ev => ev.Kind == ConnectionEventKind.StreamReset);
        Assert.Equal(0, Server.Write(id, "late"u8, false));
        Client.Write(id, default, fin: true);
        _pair.Settle();
        StreamPair.Events(Server);
        Server.Read(id, _into, out bool fin);
        Assert.True(fin);
        Assert.Equal(0, Client.Count);
        Assert.Equal(0, Server.Count);
        Assert.Equal(0, _pair.Pool.Outstanding);
    }

    [Fact]
    [Trait("rfc", "9000 §3.2")]
    public void A_reset_is_told_with_its_code_and_ends_the_stream()
    {
        Assert.True(Client.TryOpen(Unidirectional, out StreamId id));
        Client.Write(id, new byte[2_000], fin: false);
        Client.Reset(id, 5);
        _pair.Settle();
        Assert.Equal(0, Client.Count);
        Assert.Contains(StreamPair.Events(Server), ev => ev == new ConnectionEvent(ConnectionEventKind.StreamReset, id, 5));
        Assert.Equal(0, Server.Count);
        Assert.Equal(0, _pair.Pool.Outstanding);
    }

    [Fact]
    [Trait("rfc", "9000 §13.3")]
    public void A_lost_reset_is_sent_again_and_lost_data_of_a_reset_stream_is_not()
    {
        Assert.True(Client.TryOpen(Unidirectional, out StreamId id));
        Client.Write(id, new byte[1_000], fin: false);
        StreamPair.Packet data = _pair.Take(Client)!;
        Client.Reset(id, 5);
        StreamPair.Packet reset = _pair.Take(Client)!;
        StreamPair.Lose(data);
        Assert.False(Client.WantsToSend);
        StreamPair.Lose(reset);
        Assert.True(Client.WantsToSend);
        _pair.Settle();
        Assert.Contains(StreamPair.Events(Server), ev => ev.Kind == ConnectionEventKind.StreamReset && ev.ErrorCode == 5);
    }

    [Fact]
    [Trait("rfc", "9000 §4.2")]
    public void A_reader_that_stops_holds_the_writer_back_and_lets_it_go_on_later()
    {
        Assert.True(Client.TryOpen(Bidirectional, out StreamId id));
        Assert.Equal(8_000, Client.Write(id, new byte[9_000], fin: false));
        _pair.Settle();
        Assert.Equal(6_000, Server.Read(id, _into, out _));
        _pair.Settle();
        Assert.Contains(StreamPair.Events(Client), ev => ev.Kind == ConnectionEventKind.StreamWritable);
        Assert.Equal(1_000, Client.Write(id, new byte[1_000], fin: true));
        _pair.Settle();
        Assert.Equal(3_000, Server.Read(id, _into, out bool fin));
        Assert.True(fin);
    }

    [Fact]
    [Trait("rfc", "9000 §4.1")]
    public void A_blocked_sender_says_so_once_for_each_limit()
    {
        Assert.True(Client.TryOpen(Bidirectional, out StreamId id));
        Client.Write(id, new byte[8_000], fin: false);
        List<byte> types = [];
        while (_pair.Take(Client) is { } packet) types.AddRange(packet.Frames.Select(frame => (byte)frame.Kind));
        Assert.Single(types, (byte)Quic.Recovery.SentFrameKind.StreamDataBlocked);
        Client.Write(id, new byte[10], fin: false);
        Assert.Null(_pair.Take(Client));
    }

    [Fact]
    [Trait("rfc", "9000 §4.1")]
    public void An_older_limit_changes_nothing()
    {
        Assert.True(Client.TryOpen(Bidirectional, out StreamId id));
        Client.OnMaxStreamData(id, 100);
        Client.OnMaxData(100);
        Client.OnMaxStreams(Bidirectional, 1);
        Client.Write(id, new byte[6_000], fin: true);
        _pair.Settle();
        Assert.Equal(6_000, Server.Read(id, _into, out _));
        Assert.True(Client.TryOpen(Bidirectional, out _));
    }

    [Fact]
    public void Streams_take_turns()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Client.TryOpen(Bidirectional, out StreamId id));
            Client.Write(id, new byte[4_000], fin: false);
        }

        ulong[] order = new ulong[6];
        for (int i = 0; i < order.Length; i++) order[i] = _pair.Take(Client)!.Frames[0].Id;
        Assert.Equal([0UL, 4, 8, 0, 4, 8], order);
    }

    [Fact]
    public void Late_frames_of_a_stream_that_is_over_are_ignored()
    {
        Assert.True(Client.TryOpen(Unidirectional, out StreamId id));
        Client.Write(id, "all"u8, fin: true);
        StreamPair.Packet packet = _pair.Take(Client)!;
        Assert.Equal(NoError, _pair.Deliver(packet));
        StreamPair.Events(Server);
        Server.Read(id, _into, out bool fin);
        Assert.True(fin);
        Assert.Equal(0, Server.Count);
        Assert.Equal(NoError, _pair.Deliver(packet));
        Assert.Equal(0, Server.Count);
        Assert.Empty(StreamPair.Events(Server));
    }

    [Fact]
    public void A_steady_exchange_of_streams_allocates_nothing()
    {
        StreamPair pair = new(StreamPair.DefaultLimits with { MaxData = 1 << 20, MaxStreamDataUni = 1 << 16, MaxStreamsUni = 64 });
        Vpr.Quic.Recovery.SentPacketRing record = new();
        byte[] packet = new byte[1200];
        byte[] data = new byte[3_000];
        int read = 0;
        Allocations.AssertNone(() =>
        {
            read = 0;
            for (int i = 0; i < 1_000; i++) read += Exchange(pair, record, packet, data, _into);
        });
        Assert.Equal(3_000_000, read);
    }

    private static int Exchange(StreamPair pair, Vpr.Quic.Recovery.SentPacketRing record, byte[] packet, byte[] data, byte[] into)
    {
        if (pair.Client.TryOpen(Unidirectional, out StreamId id)) pair.Client.Write(id, data, fin: true);
        int read = 0;
        for (int turn = 0; turn < 4; turn++)
        {
            StreamSet sender = turn == 3 ? pair.Server : pair.Client;
            StreamFrameVisitor visitor = new(turn == 3 ? pair.Client : pair.Server);
            int length = sender.WriteFrames(packet, record);
            ReadOnlySpan<byte> rest = packet.AsSpan(0, length);
            while (!rest.IsEmpty && Vpr.Wire.Quic.QuicFrame.Dispatch(rest, ref visitor, out int consumed) == WireStatus.Done) rest = rest[consumed..];
            for (int i = 0; i < record.OpenFrames; i++) sender.OnFrameAcknowledged(record.OpenFrame(i));
            record.DropOpenFrames();
            while (pair.Server.TryTakeEvent(out ConnectionEvent ev))
            {
                if (ev.Kind == ConnectionEventKind.StreamReadable) read += pair.Server.Read(ev.Stream, into, out _);
            }
        }

        return read;
    }
}
