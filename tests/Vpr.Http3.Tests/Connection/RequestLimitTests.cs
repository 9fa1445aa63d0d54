using static Vpr.Http3.Tests.RequestStreamTests;

namespace Vpr.Http3.Tests;

/// <summary>What a peer may make a request cost.</summary>
public sealed class RequestLimitTests
{
    [Theory]
    [Trait("rfc", "9114 §4.2.2")]
    [InlineData(2000, false)] // the frame alone is too long
    [InlineData(900, true)] // it is not, but its lines are
    public void FieldSectionThatIsTooLargeIsAnswered431(int valueLength, bool twice)
    {
        Peer peer = new(isServer: true, new Http3Settings { MaxFieldSectionSize = 1024 });
        string value = new('~', valueLength / 2);
        byte[] head = Peer.Headers(twice
            ? [.. Peer.Get(), .. Enumerable.Range(0, 30).Select(_ => ("cookie", ""))] : [.. Peer.Get(), ("x-a", value), ("x-b", value)]);
        Assert.Equal(twice, head.Length < 1024);
        Assert.DoesNotContain(peer.Send(0, head), ev => ev.Kind == Http3EventKind.RequestReceived);
        Assert.Null(peer.Transport.ClosedWith);
        Assert.Contains(0UL, peer.Transport.Ended);
        Assert.Equal(Http3ErrorCode.NoError, peer.Transport.StoppedWith[0]);
        Assert.Equal(0, peer.Connection.OpenStreams);

        Peer client = new(isServer: false);
        Http3Stream request = Open(client, Peer.Get());
        client.Send(0, peer.Transport.Sent[0].ToArray(), fin: true);
        Assert.Equal(431, request.Response.Status);
    }

    [Fact]
    public void AnnouncedLengthAloneCostsNoMemory()
    {
        Peer peer = new(isServer: true, new Http3Settings { MaxFieldSectionSize = 1 << 29 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        peer.Send(0, [0x01, 0x90, 0, 0, 0, 0]); // HEADERS of 2^28 bytes, one there
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [Trait("rfc", "9114 §10.5")]
    [InlineData(false)]
    [InlineData(true)] // each answered request pays for a cancelled one
    public void EndlessCancellingIsExcessiveLoad(bool alsoAnswers)
    {
        Peer peer = new(isServer: true);
        ulong id = 0;
        for (int i = 0; i <= Http3Connection.MaxCancelledRequests; i++, id += 4)
        {
            Assert.Null(peer.Transport.ClosedWith);
            Request(peer, id, Peer.Headers(Peer.Get()));
            peer.Transport.ArriveReset(id, Http3ErrorCode.RequestCancelled);
            peer.Transport.ArriveStop(id, Http3ErrorCode.RequestCancelled);
            peer.Events();
            if (!alsoAnswers) continue;
            Http3Stream answered = Request(peer, id += 4, Peer.Headers(Peer.Get()), fin: true);
            answered.Read(new byte[1], out _);
            answered.SendResponse(Peer.Fields((":status", "200")), fin: true);
            Assert.True(answered.IsClosed);
        }

        Assert.Equal(alsoAnswers ? null : Http3ErrorCode.ExcessiveLoad, peer.Transport.ClosedWith);
    }

    [Fact]
    [Trait("rfc", "9114 §10.5")]
    public void EndlessMalformedRequestsAreExcessiveLoad()
    {
        Peer peer = new(isServer: true);
        for (ulong i = 0; i <= Http3Connection.MaxCancelledRequests; i++)
        {
            Assert.Null(peer.Transport.ClosedWith);
            peer.Send(i * 4, Peer.Headers((":method", "GET")));
        }

        Assert.Equal(Http3ErrorCode.ExcessiveLoad, peer.Transport.ClosedWith);
    }
}
