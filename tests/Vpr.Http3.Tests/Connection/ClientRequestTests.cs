using System.Text;
using Vpr.Quic;
using static Vpr.Http3.Tests.RequestStreamTests;

namespace Vpr.Http3.Tests;

/// <summary>Requests from the side that sends them: what may be asked, and which answers are taken.</summary>
public sealed class ClientRequestTests
{
    [Fact]
    [Trait("rfc", "9114 §4.1")]
    public void InterimResponsesComeOneByOne()
    {
        Peer peer = new(isServer: false);
        Http3Stream stream = Open(peer, Peer.Get());
        peer.Transport.Arrive(0, [.. Peer.Headers((":status", "103"), ("link", "a")), .. Peer.Headers((":status", "103"), ("link", "b")),
            .. Peer.Headers((":status", "200"), ("content-length", "2")), .. Peer.Data("ok")], fin: true);
        peer.Connection.Process();
        List<string> seen = [];
        while (peer.Connection.TryTakeEvent(out Http3Event ev))
        {
            if (ev.Stream is null) continue;
            ev.Stream.Fields.TryGet("link"u8, out ReadOnlySpan<byte> link);
            seen.Add($"{ev.Kind} {Encoding.ASCII.GetString(link)}");
        }

        Assert.Equal(["InformationalReceived a", "InformationalReceived b", "ResponseReceived "], seen);
        Assert.Equal(new ResponseHead(200, 2), stream.Response);
        Assert.Equal(2, stream.Read(new byte[9], out bool fin));
        Assert.True(fin);
        Assert.True(stream.IsClosed);
        Assert.Equal(0, peer.Connection.OpenStreams);
        Assert.Equal(2, stream.Fields.Count); // stays readable until it is disposed
        stream.Dispose();
        Assert.Equal(0, stream.Fields.Count);
    }

    [Theory]
    [Trait("rfc", "9110 §6.4.1")]
    [InlineData("HEAD", "200")]
    [InlineData("GET", "304")]
    public void ResponsesWithoutContentMayAnnounceALength(string method, string status)
    {
        Peer peer = new(isServer: false);
        Http3Stream stream = Open(peer, Peer.Get(method: method));
        peer.Send(0, Peer.Headers((":status", status), ("content-length", "1234")), fin: true);
        Assert.Equal(0, stream.Read(new byte[9], out bool fin));
        Assert.True(fin);
    }

    [Theory]
    [InlineData("0000", Http3ErrorCode.FrameUnexpected)]
    [InlineData("050100", Http3ErrorCode.IdError)] // PUSH_PROMISE without MAX_PUSH_ID
    public void ClientRefuses(string hex, Http3ErrorCode error)
    {
        Peer peer = new(isServer: false);
        Open(peer, Peer.Get());
        peer.Send(0, Convert.FromHexString(hex));
        Assert.Equal(error, peer.Transport.ClosedWith);
    }

    [Fact]
    [Trait("rfc", "9220 §3")]
    public void ExtendedConnectWaitsForTheServersSettings()
    {
        FieldSection connect = Peer.Fields(
            (":method", "CONNECT"), (":protocol", "connect-ip"), (":scheme", "https"), (":authority", "a.example"), (":path", "/"));
        Peer without = new(isServer: false);
        Assert.Equal(RequestStatus.NotReady, without.Connection.OpenRequest(connect, false, out _));
        without.Send(without.Uni(0), Peer.Control());
        Assert.Equal(RequestStatus.ExtendedConnectNotSupported, without.Connection.OpenRequest(connect, false, out _));

        Peer with = new(isServer: false);
        with.Send(with.Uni(0), Peer.Control(8, 1));
        Assert.Equal(RequestStatus.Sent, with.Connection.OpenRequest(connect, false, out Http3Stream? stream));
        Assert.Equal("connect-ip", stream!.Request.Protocol);
    }

    [Fact]
    public void RequestsThatCannotBeSentSaySo()
    {
        Peer peer = new(isServer: false);
        peer.Transport.StreamLimit = 1;
        Open(peer, Peer.Get());
        Assert.Equal(RequestStatus.TooManyRequests, peer.Connection.OpenRequest(Peer.Fields(Peer.Get()), true, out _));
        peer.Transport.Tell(new ConnectionEvent(ConnectionEventKind.StreamsAvailable));
        Assert.Equal(Http3EventKind.RequestsAvailable, Assert.Single(peer.Events()).Kind);
        peer.Send(peer.Uni(0), Peer.Control(6, 100));
        Assert.Equal(RequestStatus.FieldsTooLarge, peer.Connection.OpenRequest(Peer.Fields(Peer.Get()), true, out _));
        Assert.Throws<ArgumentException>(() => peer.Connection.OpenRequest(Peer.Fields((":method", "GET")), true, out _));
    }
}
