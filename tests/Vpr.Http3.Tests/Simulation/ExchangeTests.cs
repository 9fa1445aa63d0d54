using System.Security.Cryptography;
using Vpr.Quic;
using Vpr.Testing;

namespace Vpr.Http3.Tests;

/// <summary>Whole HTTP/3 clients and servers over our own QUIC, in virtual time.</summary>
public sealed class ExchangeTests
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void RequestIsAnsweredTwoRoundTripsAfterTheFirstDatagram()
    {
        using Http3Pair pair = new(1, new DelayLink(OneWay));
        Site site = new(pair.Server, new byte[100]);
        Fetch fetch = new(pair, pair.Connect(), "/");
        pair.Network.RunUntil(() => fetch.IsDone, TimeSpan.FromSeconds(5));
        Assert.Equal(OneWay * 4, pair.Network.Elapsed);
        Assert.Equal(200, fetch.Stream!.Response.Status);
        Assert.Equal(100, fetch.Received);
        Assert.True(fetch.Stream.Trailers!.TryGet("x-sum"u8, out _));
        Assert.Equal(1, site.Requests);
    }

    [Theory]
    [InlineData(0.00, 11)]
    [InlineData(0.05, 12)]
    public void TenMegabytesArriveWhole(double loss, ulong seed)
    {
        byte[] content = new byte[10 << 20];
        new Random((int)seed).NextBytes(content);
        using Http3Pair pair = new(seed, new DelayLink(OneWay), new LossLink(loss));
        Site site = new(pair.Server, content);
        Fetch fetch = new(pair, pair.Connect(), "/large");
        pair.Network.RunUntil(() => fetch.IsDone, TimeSpan.FromMinutes(10));
        Assert.Equal(content.Length, fetch.Received);
        Assert.Equal(SHA256.HashData(content), fetch.Hash);
        Assert.Equal(1, site.Requests);
    }

    [Fact]
    public void UploadIsEchoedUnderLossAndReordering()
    {
        byte[] content = new byte[1 << 20];
        new Random(3).NextBytes(content);
        using Http3Pair pair = new(21, new DelayLink(OneWay), new LossLink(0.02), new JitterLink(TimeSpan.FromMilliseconds(5)));
        _ = new Site(pair.Server, content: null);
        Fetch fetch = new(pair, pair.Connect(), "/echo", content);
        pair.Network.RunUntil(() => fetch.IsDone, TimeSpan.FromMinutes(5));
        Assert.Equal(SHA256.HashData(content), fetch.Hash);
        Assert.Equal(content.Length, fetch.Received);
    }

    [Fact]
    public void ManyRequestsShareAConnection()
    {
        using Http3Pair pair = new(31, new DelayLink(OneWay), new LossLink(0.01));
        Site site = new(pair.Server, new byte[3000]);
        Http3Connection connection = pair.Connect();
        Fetch[] fetches = [.. Enumerable.Range(0, 300).Select(i => new Fetch(pair, connection, $"/{i}"))];
        pair.Network.RunUntil(() => Array.TrueForAll(fetches, fetch => fetch.IsDone), TimeSpan.FromMinutes(2));
        Assert.All(fetches, fetch => Assert.Equal(3000, fetch.Received));
        Assert.Equal(300, site.Requests);
        Assert.Equal(0, connection.OpenStreams);
    }

    [Fact]
    [Trait("rfc", "9114 §5.2")]
    public void GoAwayLetsRequestsFinish()
    {
        using Http3Pair pair = new(41, new DelayLink(OneWay));
        _ = new Site(pair.Server, new byte[200_000]);
        Http3Connection connection = pair.Connect();
        Fetch fetch = new(pair, connection, "/");
        pair.Network.RunUntil(() => fetch.Received > 0, TimeSpan.FromSeconds(5));
        pair.Server.Events.Find(ev => ev.Kind == Http3EventKind.RequestReceived).Stream!.Connection.GoAway();
        pair.Network.RunUntil(() => fetch.IsDone && connection.IsGoingAway, TimeSpan.FromSeconds(5));
        Assert.Equal(200_000, fetch.Received);
        Assert.Equal(RequestStatus.GoingAway, connection.OpenRequest(Peer.Fields(Peer.Get()), true, out _));
        Assert.Contains(pair.Client.Events, ev => ev.Kind == Http3EventKind.GoAwayReceived);
    }

    [Fact]
    public void CancelledRequestStopsTheServer()
    {
        using Http3Pair pair = new(51, new DelayLink(OneWay));
        _ = new Site(pair.Server, new byte[5 << 20]);
        Http3Connection connection = pair.Connect();
        Fetch fetch = new(pair, connection, "/");
        pair.Network.RunUntil(() => fetch.Received > 100_000, TimeSpan.FromSeconds(5));
        fetch.Stream!.Abort(Http3ErrorCode.RequestCancelled);
        pair.Network.RunUntil(() => pair.Server.Events.Exists(ev => ev.Kind == Http3EventKind.StreamStopped), TimeSpan.FromSeconds(5));
        Http3Event stopped = pair.Server.Events.Find(ev => ev.Kind == Http3EventKind.StreamStopped);
        Assert.Equal((ulong)Http3ErrorCode.RequestCancelled, stopped.ErrorCode);

        Fetch another = new(pair, connection, "/");
        pair.Network.RunUntil(() => another.IsDone, TimeSpan.FromMinutes(1));
        Assert.Equal(5 << 20, another.Received);
    }

    [Fact]
    public void ClosingIsTold()
    {
        using Http3Pair pair = new(61, new DelayLink(OneWay));
        _ = new Site(pair.Server, new byte[10]);
        Http3Connection connection = pair.Connect();
        Fetch fetch = new(pair, connection, "/");
        pair.Network.RunUntil(() => fetch.IsDone, TimeSpan.FromSeconds(5));
        connection.Close(Http3ErrorCode.NoError);
        pair.Network.RunUntil(() => pair.Server.Events.Exists(ev => ev.Kind == Http3EventKind.Closed), TimeSpan.FromSeconds(5));
        Http3Event closed = pair.Server.Events[^1];
        Assert.Equal((Http3EventKind.Closed, (ulong)Http3ErrorCode.NoError, CloseSource.PeerApplication), (closed.Kind, closed.ErrorCode, closed.CloseSource));
    }
}
