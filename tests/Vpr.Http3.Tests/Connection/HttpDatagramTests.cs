using System.Text;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Testing;

namespace Vpr.Http3.Tests;

[Trait("rfc", "9297 §2.1")]
public sealed class HttpDatagramTests
{
    private static readonly (string, string)[] Connect =
        [(":method", "CONNECT"), (":protocol", "connect-ip"), (":scheme", "https"), (":authority", "a.example"), (":path", "/")];

    [Fact]
    public void DatagramsReachTheirRequest()
    {
        Peer peer = new(isServer: true);
        Http3Stream first = RequestStreamTests.Request(peer, 0, Peer.Headers(Connect));
        Http3Stream second = RequestStreamTests.Request(peer, 256, Peer.Headers(Connect));
        Recorder one = new(), two = new();
        (first.DatagramHandler, second.DatagramHandler) = (one, two);
        peer.Connection.OnDatagram([0, .. "ab"u8]);
        peer.Connection.OnDatagram([0x40, 64, .. "cd"u8]); // 256 / 4, in two octets
        peer.Connection.OnDatagram([0]);
        Assert.Equal(["ab", ""], one.Received);
        Assert.Equal(["cd"], two.Received);
    }

    [Fact]
    public void DatagramsThatOvertookTheirRequestAreKeptAndBounded()
    {
        Peer peer = new(isServer: true);
        for (int i = 0; i < 40; i++) peer.Connection.OnDatagram([0, (byte)('a' + i % 26)]);
        peer.Connection.OnDatagram([1, .. "x"u8]); // no room left
        Http3Stream stream = RequestStreamTests.Request(peer, 0, Peer.Headers(Connect));
        Recorder recorder = new();
        stream.DatagramHandler = recorder;
        Assert.Equal("abcdefghijklmnop", string.Concat(recorder.Received));

        Recorder other = new();
        peer.Connection.OnDatagram([1, .. "y"u8]);
        RequestStreamTests.Request(peer, 4, Peer.Headers(Connect)).DatagramHandler = other;
        Assert.Equal(["y"], other.Received);
    }

    [Fact]
    public void ClientKeepsDatagramsUntilTheRequestIsAnswered()
    {
        Peer peer = new(isServer: false);
        peer.Send(peer.Uni(0), Peer.Control(8, 1, 0x33, 1));
        Assert.Equal(RequestStatus.Sent, peer.Connection.OpenRequest(Peer.Fields(Connect), false, out Http3Stream? stream));
        peer.Connection.OnDatagram([0, .. "early"u8]);
        peer.Connection.OnDatagram([1, .. "of no request"u8]);
        peer.Send(0, Peer.Headers((":status", "200")));
        Recorder recorder = new();
        stream!.DatagramHandler = recorder;
        Assert.Equal(["early"], recorder.Received);
    }

    [Fact]
    public void DatagramsOfOrdinaryAndClosedRequestsAreDropped()
    {
        Peer peer = new(isServer: true);
        Http3Stream get = RequestStreamTests.Request(peer, 0, Peer.Headers(Peer.Get()));
        peer.Connection.OnDatagram([0, 1]);
        Recorder recorder = new();
        get.DatagramHandler = recorder;
        get.Abort(Http3ErrorCode.RequestCancelled);
        peer.Connection.OnDatagram([0, 1]);
        Assert.Empty(recorder.Received);
        Assert.Null(peer.Transport.ClosedWith);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c0")]
    [InlineData("d000000000000000")] // 2^60
    public void QuarterStreamIdThatCannotBeIsAConnectionError(string hex)
    {
        Peer peer = new(isServer: true);
        peer.Connection.OnDatagram(Convert.FromHexString(hex));
        Assert.Equal(Http3ErrorCode.DatagramError, peer.Transport.ClosedWith);
    }

    [Fact]
    public void HeaderIsWrittenIntoTheHeadroom()
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = RequestStreamTests.Request(peer, 256, Peer.Headers(Connect));
        Assert.Equal(0, stream.MaxDatagramPayload); // the peer's settings are not known
        peer.Send(peer.Uni(0), Peer.Control(0x33, 1));
        Assert.Equal(1198, stream.MaxDatagramPayload);

        HttpDatagramWriter writer = new(stream.Id, contextId: 2);
        Assert.Equal(3, writer.HeaderLength);
        byte[] buffer = new byte[64];
        "payload"u8.CopyTo(buffer.AsSpan(40));
        PacketSlot packet = default;
        Assert.Equal(DatagramStatus.Sent, stream.TransmitDatagram(default, writer, buffer, 40, 7, ref packet));
        Assert.Equal((37, 10), (packet.Offset, packet.Length));
        Assert.Equal([0x40, 64, 2, .. "payload"u8], peer.Transport.Datagrams[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(buffer, 2));
        Assert.True(stream.TryQueueDatagram("x"u8));
        Assert.Equal([0x40, 64, .. "x"u8], peer.Transport.Datagrams[1]);
        Assert.False(stream.TryQueueDatagram(new byte[1199]));
    }

    [Fact]
    public void DatagramPathAllocatesNothing()
    {
        Peer peer = new(isServer: true);
        Http3Stream stream = RequestStreamTests.Request(peer, 0, Peer.Headers(Connect));
        Silent silent = new();
        stream.DatagramHandler = silent;
        byte[] payload = [0, 0, 1, 2, 3];
        HttpDatagramWriter writer = new(stream.Id, 0);
        byte[] buffer = new byte[64];
        int runs = 0;
        Allocations.AssertNone(() =>
        {
            runs++;
            for (int i = 0; i < 1000; i++) Once();
        });
        Assert.Equal(runs * 1000, silent.Received);

        void Once()
        {
            peer.Connection.OnDatagram(payload);
            writer.Write(buffer, 20);
        }
    }

    private sealed class Recorder : IHttpDatagramHandler
    {
        public List<string> Received { get; } = [];

        public void OnHttpDatagram(Http3Stream stream, Span<byte> payload) => Received.Add(Encoding.ASCII.GetString(payload));
    }

    private sealed class Silent : IHttpDatagramHandler
    {
        public int Received { get; private set; }

        public void OnHttpDatagram(Http3Stream stream, Span<byte> payload) => Received++;
    }
}
