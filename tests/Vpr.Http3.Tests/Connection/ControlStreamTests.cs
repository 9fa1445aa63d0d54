using Vpr.Quic;

namespace Vpr.Http3.Tests;

public sealed class ControlStreamTests
{
    [Theory]
    [Trait("rfc", "9114 §6.2.1, §7.2.4")]
    [InlineData(true)]
    [InlineData(false)]
    public void BothEndsBeginWithSettings(bool isServer)
    {
        Peer peer = new(isServer, new Http3Settings { MaxFieldSectionSize = 4096, EnableConnectProtocol = true, H3Datagram = true });
        ulong control = StreamId.Create(0, StreamDirection.Unidirectional, !isServer).Value;
        byte[] sent = peer.Transport.Sent[control].ToArray();
        Assert.Equal([0x00, 0x04], sent[..2]);

        // What one end writes the other understands.
        Peer other = new(!isServer);
        List<Http3Event> events = other.Send(other.Uni(0), sent);
        Assert.Contains(events, ev => ev.Kind == Http3EventKind.SettingsReceived);
        Http3Settings read = other.Connection.PeerSettings!;
        Assert.Equal(4096, read.MaxFieldSectionSize);
        Assert.Equal(isServer, read.EnableConnectProtocol); // a client has nothing to accept
        Assert.True(read.H3Datagram);
        Assert.Equal((0UL, 0UL), (read.QpackMaxTableCapacity, read.QpackBlockedStreams));
        Assert.Equal(3, peer.Transport.Sent.Count); // and the two QPACK streams, RFC 9204 §4.2
    }

    [Fact]
    public void SettingsArriveOctetByOctet()
    {
        Peer peer = new(isServer: true);
        List<Http3Event> events = [];
        foreach (byte octet in Peer.Control(0x06, 9000, 0x33, 1, 0x1f * 5 + 0x21, 77)) events.AddRange(peer.Send(peer.Uni(0), [octet]));
        Assert.Single(events, ev => ev.Kind == Http3EventKind.SettingsReceived);
        Assert.Equal(9000, peer.Connection.PeerSettings!.MaxFieldSectionSize);
        Assert.Null(peer.Transport.ClosedWith);
    }

    [Theory]
    [Trait("rfc", "9114 §6.2.1, §7.2")]
    [InlineData("00 0700", Http3ErrorCode.MissingSettings)] // GOAWAY first
    [InlineData("00 0000", Http3ErrorCode.MissingSettings)] // DATA first
    [InlineData("00 210100", Http3ErrorCode.MissingSettings)] // even an unknown frame
    [InlineData("00 0400 0400", Http3ErrorCode.FrameUnexpected)] // SETTINGS twice
    [InlineData("00 0400 0000", Http3ErrorCode.FrameUnexpected)]
    [InlineData("00 0400 0100", Http3ErrorCode.FrameUnexpected)]
    [InlineData("00 0400 0500", Http3ErrorCode.FrameUnexpected)]
    [InlineData("00 0400 0200", Http3ErrorCode.FrameUnexpected)] // HTTP/2's PRIORITY
    [InlineData("00 0400 0600", Http3ErrorCode.FrameUnexpected)]
    [InlineData("00 0400 0800", Http3ErrorCode.FrameUnexpected)]
    [InlineData("00 0400 0900", Http3ErrorCode.FrameUnexpected)]
    [InlineData("00 0404 06400633", Http3ErrorCode.FrameError)] // a setting cut short
    [InlineData("00 0404 06010602", Http3ErrorCode.SettingsError)] // a setting twice
    [InlineData("00 0402 0201", Http3ErrorCode.SettingsError)] // HTTP/2's ENABLE_PUSH
    [InlineData("00 0402 0401", Http3ErrorCode.SettingsError)]
    [InlineData("00 0402 3302", Http3ErrorCode.SettingsError)] // H3_DATAGRAM is 0 or 1
    [InlineData("00 0402 0802", Http3ErrorCode.SettingsError)]
    [InlineData("00 0400 0700", Http3ErrorCode.FrameError)] // GOAWAY without an ID
    [InlineData("00 0400 07020000", Http3ErrorCode.FrameError)] // and with more
    [InlineData("00 0400 070104 070108", Http3ErrorCode.IdError)] // GOAWAY that goes up
    [InlineData("00 0400 030100", Http3ErrorCode.IdError)] // CANCEL_PUSH of nothing
    [InlineData("00 0400 0d0105 0d0104", Http3ErrorCode.IdError)] // MAX_PUSH_ID that goes down
    [InlineData("00 048800", Http3ErrorCode.ExcessiveLoad, 3)] // a SETTINGS frame of 2^27 bytes
    [InlineData("01", Http3ErrorCode.StreamCreationError)] // clients do not push
    public void ServerRefuses(string hex, Http3ErrorCode error, int more = 0)
    {
        Peer peer = new(isServer: true);
        peer.Send(peer.Uni(0), [.. Convert.FromHexString(hex.Replace(" ", "")), .. new byte[more]]);
        Assert.Equal(error, peer.Transport.ClosedWith);
    }

    [Theory]
    [InlineData("00 0400 0d0105", Http3ErrorCode.FrameUnexpected)] // MAX_PUSH_ID from a server
    [InlineData("00 0400 070101", Http3ErrorCode.IdError)] // GOAWAY that names no request
    [InlineData("01", Http3ErrorCode.IdError)] // a push without permission
    public void ClientRefuses(string hex, Http3ErrorCode error)
    {
        Peer peer = new(isServer: false);
        peer.Send(peer.Uni(0), Convert.FromHexString(hex.Replace(" ", "")));
        Assert.Equal(error, peer.Transport.ClosedWith);
    }

    [Fact]
    [Trait("rfc", "9297 §2.1.1")]
    public void DatagramSettingWithoutTheTransportParameterIsAnError()
    {
        Peer peer = new(isServer: true);
        peer.Transport.MaxDatagramPayload = 0;
        peer.Send(peer.Uni(0), Peer.Control(0x33, 1));
        Assert.Equal(Http3ErrorCode.SettingsError, peer.Transport.ClosedWith);
    }

    [Theory]
    [Trait("rfc", "9114 §6.2.1, 9204 §4.2")]
    [InlineData("000400", "00")]
    [InlineData("02", "02")]
    [InlineData("03", "03")]
    public void CriticalStreamsExistOnce(string first, string second)
    {
        Peer peer = new(isServer: true);
        peer.Send(peer.Uni(0), Convert.FromHexString(first));
        Assert.Null(peer.Transport.ClosedWith);
        peer.Send(peer.Uni(1), Convert.FromHexString(second));
        Assert.Equal(Http3ErrorCode.StreamCreationError, peer.Transport.ClosedWith);
    }

    [Theory]
    [InlineData("000400")]
    [InlineData("02")]
    [InlineData("03")]
    public void CriticalStreamsStayOpen(string begin)
    {
        Peer ended = new(isServer: true);
        ended.Send(ended.Uni(0), Convert.FromHexString(begin), fin: true);
        Assert.Equal(Http3ErrorCode.ClosedCriticalStream, ended.Transport.ClosedWith);

        Peer reset = new(isServer: true);
        reset.Send(reset.Uni(0), Convert.FromHexString(begin));
        reset.Transport.ArriveReset(reset.Uni(0), Http3ErrorCode.NoError);
        reset.Events();
        Assert.Equal(Http3ErrorCode.ClosedCriticalStream, reset.Transport.ClosedWith);

        Peer stopped = new(isServer: true);
        stopped.Transport.ArriveStop(StreamId.Create(0, StreamDirection.Unidirectional, clientInitiated: false).Value, Http3ErrorCode.NoError);
        stopped.Events();
        Assert.Equal(Http3ErrorCode.ClosedCriticalStream, stopped.Transport.ClosedWith);
    }

    [Theory]
    [Trait("rfc", "9114 §6.2.3")]
    [InlineData("21")] // reserved
    [InlineData("c0000000000000ff0102")]
    [InlineData("5401")] // WebTransport, which is not spoken here
    public void UnknownStreamsAreNotRead(string hex)
    {
        Peer peer = new(isServer: true);
        foreach (byte octet in Convert.FromHexString(hex)) peer.Send(peer.Uni(5), [octet]);
        Assert.Null(peer.Transport.ClosedWith);
        Assert.Equal(Http3ErrorCode.StreamCreationError, peer.Transport.StoppedWith[peer.Uni(5)]);
    }

    [Theory]
    [Trait("rfc", "9114 §6.2")]
    [InlineData("")]
    [InlineData("c000")]
    public void StreamsMayEndBeforeTheirType(string hex)
    {
        Peer peer = new(isServer: true);
        peer.Send(peer.Uni(0), Convert.FromHexString(hex), fin: true);
        Assert.Null(peer.Transport.ClosedWith);
    }

    [Fact]
    public void UnknownFramesOfAnyLengthArePassedOver()
    {
        Peer peer = new(isServer: true);
        peer.Send(peer.Uni(0), [.. Peer.Control(0x06, 9000), .. Peer.Frame(0x21, new byte[5000]), .. Peer.Frame(0xf0700, [1, 2]), .. Peer.Frame(0x21)]);
        List<Http3Event> events = peer.Send(peer.Uni(0), Peer.Frame(7, 0));
        Assert.Contains(events, ev => ev.Kind == Http3EventKind.GoAwayReceived);
        Assert.Null(peer.Transport.ClosedWith);
        Assert.False(peer.Connection.IsGoingAway); // a client's GOAWAY speaks of pushes
    }

    [Theory]
    [Trait("rfc", "9204 §4.3, §4.4")]
    [InlineData("0220", null)]
    [InlineData("023fbd01", Http3ErrorCode.QpackEncoderStreamError)]
    [InlineData("0348", null)]
    [InlineData("0384", Http3ErrorCode.QpackDecoderStreamError)]
    public void QpackStreams(string hex, Http3ErrorCode? error)
    {
        Peer peer = new(isServer: true);
        peer.Send(peer.Uni(2), Convert.FromHexString(hex));
        Assert.Equal(error, peer.Transport.ClosedWith);
    }

    [Fact]
    [Trait("rfc", "9114 §6.1")]
    public void ServerMustNotOpenTwoWayStreams()
    {
        Peer peer = new(isServer: false);
        peer.Send(1, [0]);
        Assert.Equal(Http3ErrorCode.StreamCreationError, peer.Transport.ClosedWith);
    }
}
