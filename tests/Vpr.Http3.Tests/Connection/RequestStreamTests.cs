using System.Text;
using Vpr.Quic;

namespace Vpr.Http3.Tests;

public sealed class RequestStreamTests
{
    [Fact]
    [Trait("rfc", "9114 §4.1")]
    public void RequestWithContentAndTrailers()
    {
        Peer peer = new(isServer: true);
        byte[] message =
        [
            .. Peer.Frame(0x21, 1, 2, 3), .. Peer.Headers([.. Peer.Get("/a", "POST"), ("content-length", "10")]), .. Peer.Data("hello"), .. Peer.Data(""),
            .. Peer.Frame(0x40, new byte[2000]), .. Peer.Data("world"), .. Peer.Headers(("x-sum", "1")), .. Peer.Frame(0x21),
        ];
        foreach (int step in new[] { 1, 2, 7, 4096 })
        {
            peer = new Peer(isServer: true);
            StringBuilder body = new();
            bool fin = false;
            Http3Stream? stream = null;
            for (int at = 0; at < message.Length; at += step)
            {
                bool last = at + step >= message.Length;
                foreach (Http3Event ev in peer.Send(0, message[at..Math.Min(at + step, message.Length)], last))
                {
                    if (ev.Kind == Http3EventKind.RequestReceived) stream = ev.Stream;
                    else Assert.Equal(Http3EventKind.DataReceived, ev.Kind);
                    fin = ReadAll(ev.Stream!, body);
                }
            }

            Assert.NotNull(stream);
            Assert.Equal(new RequestHead("POST", "https", "a.example", "/a", null, 10), stream.Request);
            Assert.Equal("helloworld", body.ToString());
            Assert.True(fin);
            Assert.True(stream.IsReadToEnd);
            Assert.True(stream.Trailers!.TryGet("x-sum"u8, out ReadOnlySpan<byte> sum));
            Assert.Equal("1"u8, sum);
            Assert.Null(peer.Transport.ClosedWith);
        }
    }

    [Fact]
    public void EndIsToldWithTheLastBytes()
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = Request(peer, 0, [.. Peer.Headers(Peer.Get()), .. Peer.Data("abc")], fin: true);
        Assert.Equal(3, stream.Read(new byte[10], out bool fin));
        Assert.True(fin);
        Assert.Equal(0, stream.Read(new byte[10], out fin));
        Assert.True(fin);
    }

    [Fact]
    public void DataIsAnnouncedOnceUntilAReadFindsNothing()
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = Request(peer, 0, Peer.Headers(Peer.Get(method: "POST")));
        Assert.Empty(peer.Send(0, Peer.Data("abc"))); // the application reads on its own after the head
        Assert.Equal(3, stream.Read(new byte[10], out bool fin));
        Assert.False(fin);
        Assert.Empty(peer.Send(0, Peer.Data("def")));
        Assert.Equal(3, stream.Read(new byte[10], out _));
        Assert.Equal(0, stream.Read(new byte[10], out _));
        Assert.Equal(Http3EventKind.DataReceived, Assert.Single(peer.Send(0, Peer.Data("ghi"))).Kind);
        Assert.Empty(peer.Send(0, Peer.Data("jkl")));
        Assert.Equal(6, stream.Read(new byte[10], out _));
    }

    [Theory]
    [Trait("rfc", "9114 §4.1, §7.1, §7.2")]
    [InlineData("0000", Http3ErrorCode.FrameUnexpected)] // DATA before HEADERS
    [InlineData("0400", Http3ErrorCode.FrameUnexpected)]
    [InlineData("070100", Http3ErrorCode.FrameUnexpected)]
    [InlineData("030100", Http3ErrorCode.FrameUnexpected)]
    [InlineData("0d0100", Http3ErrorCode.FrameUnexpected)]
    [InlineData("050100", Http3ErrorCode.FrameUnexpected)] // PUSH_PROMISE to a server
    [InlineData("0600", Http3ErrorCode.FrameUnexpected)] // HTTP/2's PING
    [InlineData("0100", Http3ErrorCode.QpackDecompressionFailed)] // a field section without prefix
    [InlineData("0103020000", Http3ErrorCode.QpackDecompressionFailed)]
    public void ConnectionErrors(string hex, Http3ErrorCode error)
    {
        Peer peer = new(isServer: true);
        peer.Send(0, Convert.FromHexString(hex));
        Assert.Equal(error, peer.Transport.ClosedWith);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("0105")]
    [InlineData("01050000")]
    [InlineData("2105aabb")]
    public void StreamThatEndsInsideAFrameIsAConnectionError(string hex)
    {
        Peer peer = new(isServer: true);
        peer.Send(0, Convert.FromHexString(hex), fin: true);
        Assert.Equal(Http3ErrorCode.FrameError, peer.Transport.ClosedWith);

        Peer content = new(isServer: true);
        Http3Stream stream = Request(content, 0, [.. Peer.Headers(Peer.Get()), 0x00, 0x05, 0x61], fin: true);
        stream.Read(new byte[10], out bool fin);
        Assert.False(fin);
        Assert.Equal(Http3ErrorCode.FrameError, content.Transport.ClosedWith);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FramesOutOfPlaceBehindTheHead(bool connect)
    {
        (string, string)[] head = connect
            ? [(":method", "CONNECT"), (":protocol", "connect-ip"), (":scheme", "https"), (":authority", "a.example"), (":path", "/")] : Peer.Get();
        byte[] trailers = Peer.Headers(("x", "1"));

        // RFC 9114 §4.4: a tunnel has no trailers. §4.1: another message has them once, and no content behind.
        byte[][] sequences = connect ? [trailers] : [[.. trailers, .. trailers], [.. trailers, .. Peer.Data("x")]];
        foreach (byte[] sequence in sequences)
        {
            Peer peer = new(isServer: true);
            Http3Stream stream = Request(peer, 0, [.. Peer.Headers(head), .. sequence]);
            stream.Read(new byte[10], out _);
            Assert.Equal(Http3ErrorCode.FrameUnexpected, peer.Transport.ClosedWith);
        }
    }

    [Fact]
    [Trait("rfc", "9114 §4.1.2")]
    public void MalformedRequestEndsItsStreamAlone()
    {
        Peer peer = new(isServer: true);
        Http3Event failed = Assert.Single(peer.Send(0, Peer.Headers((":method", "GET"))), ev => ev.Stream is not null);
        Assert.Equal((Http3EventKind.StreamFailed, (ulong)Http3ErrorCode.MessageError), (failed.Kind, failed.ErrorCode));
        Assert.Equal(Http3ErrorCode.MessageError, peer.Transport.ResetWith[0]);
        Assert.Equal(Http3ErrorCode.MessageError, peer.Transport.StoppedWith[0]);
        Assert.Null(peer.Transport.ClosedWith);
        Assert.Equal(0, peer.Connection.OpenStreams);
        Request(peer, 4, Peer.Headers(Peer.Get()));
    }

    [Theory]
    [Trait("rfc", "9114 §4.1.2")]
    [InlineData("5", "hell", true)]
    [InlineData("5", "hello!", false)]
    [InlineData("0", "x", false)]
    [InlineData("1", "", true)]
    public void ContentMustHaveTheAnnouncedLength(string announced, string content, bool fin)
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = Request(peer, 0, [.. Peer.Headers([.. Peer.Get(method: "POST"), ("content-length", announced)]), .. Peer.Data(content)], fin);
        stream.Read(new byte[64], out bool ended);
        Assert.False(ended);
        Assert.Equal(Http3ErrorCode.MessageError, peer.Transport.ResetWith[0]);
        Assert.Equal(Http3EventKind.StreamFailed, Assert.Single(peer.Events()).Kind);
    }

    [Fact]
    [Trait("rfc", "9114 §4.1.1")]
    public void RequestWithoutHeadIsIncomplete()
    {
        Peer peer = new(isServer: true);
        peer.Send(0, [], fin: true);
        Assert.Equal(Http3ErrorCode.RequestIncomplete, peer.Transport.ResetWith[0]);
        Assert.Null(peer.Transport.ClosedWith);
    }

    [Fact]
    public void ResetAndStopAreTold()
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = Request(peer, 0, Peer.Headers(Peer.Get(method: "POST")));
        peer.Transport.ArriveReset(0, Http3ErrorCode.RequestCancelled);
        Http3Event reset = Assert.Single(peer.Events());
        Assert.Equal((Http3EventKind.StreamReset, (ulong)Http3ErrorCode.RequestCancelled), (reset.Kind, reset.ErrorCode));
        peer.Transport.ArriveStop(0, Http3ErrorCode.RequestCancelled);
        Assert.Equal(Http3EventKind.StreamStopped, Assert.Single(peer.Events()).Kind);
        Assert.True(stream.IsClosed);
        Assert.Equal(0, stream.Write([1], fin: true));
    }

    [Fact]
    [Trait("rfc", "9114 §5.2")]
    public void RequestsBeyondAGoAwayAreRejected()
    {
        Peer server = new(isServer: true);
        Request(server, 0, Peer.Headers(Peer.Get()));
        server.Connection.GoAway();
        server.Connection.GoAway(); // says nothing new
        byte[] sent = server.Transport.Sent[3].ToArray();
        Assert.Equal(Peer.Frame(7, 4), sent[^3..]);
        Assert.NotEqual(Peer.Frame(7, 4), sent[^6..^3]);
        server.Send(4, Peer.Headers(Peer.Get()), fin: true);
        Assert.Equal(Http3ErrorCode.RequestRejected, server.Transport.ResetWith[4]);
        Assert.Equal(1, server.Connection.OpenStreams);

        Peer client = new(isServer: false);
        Http3Stream kept = Open(client, Peer.Get());
        Http3Stream rejected = Open(client, Peer.Get());
        List<Http3Event> events = client.Send(client.Uni(0), [.. Peer.Control(), .. Peer.Frame(7, 4)]);
        Assert.Contains(events, ev => ev.Kind == Http3EventKind.StreamFailed && ev.Stream == rejected && ev.ErrorCode == (ulong)Http3ErrorCode.RequestRejected);
        Assert.False(kept.IsClosed);
        Assert.Equal(RequestStatus.GoingAway, client.Connection.OpenRequest(Peer.Fields(Peer.Get()), true, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public void WritersOfASlowTransportLoseNothing(int limit)
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = Request(peer, 0, Peer.Headers(Peer.Get()), fin: true);
        peer.Transport.WriteLimit = limit;
        stream.SendResponse(Peer.Fields((":status", "103"), ("link", "x")), fin: false);
        stream.SendResponse(Peer.Fields((":status", "200"), ("content-type", "text/plain")), fin: false);
        byte[] body = new byte[500];
        new Random(limit).NextBytes(body);
        for (int at = 0; ;)
        {
            at += stream.Write(body.AsSpan(at), fin: false);
            if (at == body.Length) break;
            peer.Transport.Unblock();
            Assert.Equal(Http3EventKind.Writable, Assert.Single(Pump(peer)).Kind);
        }

        stream.SendTrailers(Peer.Fields(("x-sum", "1")));
        Pump(peer);
        Assert.Contains(0UL, peer.Transport.Ended);

        Peer client = new(isServer: false);
        Http3Stream request = Open(client, Peer.Get());
        client.Send(0, peer.Transport.Sent[0].ToArray(), fin: true);
        byte[] received = new byte[1000];
        Assert.Equal(body.Length, request.Read(received, out bool fin));
        Assert.True(fin);
        Assert.Equal(body, received[..body.Length]);
        Assert.NotNull(request.Trailers);

        static List<Http3Event> Pump(Peer peer)
        {
            List<Http3Event> events = [];
            for (int i = 0; i < 200 && events.Count == 0; i++)
            {
                peer.Transport.Unblock();
                events = peer.Events();
            }

            return events;
        }
    }

    [Fact]
    public void MisuseByOurOwnSideThrows()
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = Request(peer, 0, Peer.Headers(Peer.Get()));
        Assert.Throws<InvalidOperationException>(() => stream.Write([1], false));
        Assert.Throws<ArgumentException>(() => stream.SendResponse(Peer.Fields(("x", "y")), true));
        stream.SendResponse(Peer.Fields((":status", "200")), false);
        Assert.Throws<InvalidOperationException>(() => stream.SendResponse(Peer.Fields((":status", "200")), false));
        Assert.Throws<ArgumentException>(() => stream.SendTrailers(Peer.Fields((":status", "200"))));
        peer.Transport.WriteLimit = 3;
        Assert.Equal(3, stream.Write(new byte[10], false));
        Assert.Throws<InvalidOperationException>(() => stream.SendTrailers(Peer.Fields(("x", "y"))));
        Assert.Throws<InvalidOperationException>(() => stream.Write([], fin: true));
    }

    [Fact]
    public void RandomOctetsOnAnyStreamNeverThrow()
    {
        const int seed = 31;
        Random random = new(seed);
        int failed = 0;
        for (int round = 0; round < 3000; round++)
        {
            Peer peer = new(isServer: round % 2 == 0, new Http3Settings { MaxFieldSectionSize = 2048, EnableConnectProtocol = true, H3Datagram = true });
            if (!peer.Connection.IsServer) Open(peer, Peer.Get());
            peer.Transport.ReadLimit = random.Next(1, 40);
            byte[] valid =
            [
                .. Peer.Headers(peer.Connection.IsServer ? Peer.Get(method: "POST") : [(":status", "200")]), .. Peer.Data("content"), .. Peer.Headers(("x", "1")),
            ];
            for (int flips = random.Next(5); flips > 0; flips--) valid[random.Next(valid.Length)] = (byte)random.Next(256);
            ulong stream = random.Next(3) == 0 ? peer.Uni(0) : 0;
            if (stream != 0) valid = [.. Peer.Control(6, 9, 0x33, 1), .. valid];
            foreach (byte[] piece in valid.Chunk(random.Next(1, 30)))
                foreach (Http3Event ev in peer.Send(stream, piece, random.Next(20) == 0))
                    if (ev.Stream is { } open) open.Read(new byte[16], out _);
            if (peer.Transport.ClosedWith is not null || peer.Transport.ResetWith.Count > 0) failed++;
        }

        Assert.True(failed is > 100 and < 2900, $"seed {seed}: {failed} of 3000 refused");
    }

    internal static Http3Stream Request(Peer peer, ulong id, byte[] bytes, bool fin = false) =>
        Assert.Single(peer.Send(id, bytes, fin), ev => ev.Kind == Http3EventKind.RequestReceived).Stream!;

    internal static Http3Stream Open(Peer peer, (string, string)[] head)
    {
        Assert.Equal(RequestStatus.Sent, peer.Connection.OpenRequest(Peer.Fields(head), fin: true, out Http3Stream? stream));
        return stream!;
    }

    private static bool ReadAll(Http3Stream stream, StringBuilder body)
    {
        byte[] buffer = new byte[4];
        while (true)
        {
            int read = stream.Read(buffer, out bool fin);
            body.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (fin || read == 0) return fin;
        }
    }
}
