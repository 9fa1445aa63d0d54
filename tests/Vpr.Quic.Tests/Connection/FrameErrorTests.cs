using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

/// <summary>What a peer may not say, and the code it is told so with.</summary>
public class FrameErrorTests
{
    [Theory]
    [InlineData("", TransportErrorCode.ProtocolViolation, "9000 §12.4")]
    [InlineData("1e", TransportErrorCode.ProtocolViolation, "9000 §19.20")]
    [InlineData("070101", TransportErrorCode.ProtocolViolation, "9000 §19.7")]
    [InlineData("0700", TransportErrorCode.FrameEncodingError, "9000 §19.7")]
    [InlineData("024fff000000", TransportErrorCode.ProtocolViolation, "9000 §13.1")]
    [InlineData("0201000005", TransportErrorCode.FrameEncodingError, "9000 §19.3.1")]
    [InlineData("21", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("7fff", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("4001", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("193f", TransportErrorCode.ProtocolViolation, "9000 §19.16")]
    [InlineData("18050608010203040506070800112233445566778899aabbccddeeff", TransportErrorCode.FrameEncodingError, "9000 §19.15")]
    [InlineData("0a0300", TransportErrorCode.StreamStateError, "9000 §19.8")]
    [InlineData("0a0100", TransportErrorCode.StreamStateError, "9000 §19.8")]
    [InlineData("0a800040000100", TransportErrorCode.StreamLimitError, "9000 §4.6")]
    [InlineData("0e00c000000010000000016100", TransportErrorCode.FlowControlError, "9000 §4.1")]
    [InlineData("0e00ffffffffffffffff0161", TransportErrorCode.FrameEncodingError, "9000 §19.8")]
    [InlineData("110205", TransportErrorCode.StreamStateError, "9000 §19.10")]
    [InlineData("05020000", TransportErrorCode.StreamStateError, "9000 §19.5")]
    [InlineData("040300ff", TransportErrorCode.FrameEncodingError, "9000 §19.4")]
    [InlineData("12d000000000000001", TransportErrorCode.FrameEncodingError, "9000 §19.11")]
    [InlineData("0680100001 0100", TransportErrorCode.CryptoBufferExceeded, "9000 §7.5")]
    [InlineData("06ffffffffffffffff0100", TransportErrorCode.FrameEncodingError, "9000 §19.6")]
    [InlineData("310a00", TransportErrorCode.FrameEncodingError, "9221 §4")]
    [InlineData("40af 00 01 43e7 03", TransportErrorCode.ProtocolViolation, "ack-frequency §4")] // 999 µs, where a millisecond is the least
    [InlineData("40af 00 01 80fa0000 03", TransportErrorCode.ProtocolViolation, "ack-frequency §4")] // 2^14 ms
    [InlineData("40af 05 01 43e8 03 40af 04 01 43e7 03", TransportErrorCode.ProtocolViolation, "ack-frequency §4")] // invalid although it was overtaken
    [InlineData("40af 00 01 43e8", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("40af 00 01", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("40", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("800000af 00 01 43e8 03", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    [InlineData("401f", TransportErrorCode.FrameEncodingError, "9000 §12.4")]
    public void In_a_1rtt_packet_a_server_answers(string payload, TransportErrorCode expected, string section)
    {
        using EndpointPair pair = new(111, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.ConnectAndConfirm();
        QuicConnection server = pair.ServerConnection!;
        FrameReceiver receiver = new(server, server.ApplicationSpace, default, phaseBit: false, server.Path, 1200);
        Assert.True(expected == receiver.ReceiveAll(Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))), section);
    }

    [Theory]
    [InlineData("080061")]
    [InlineData("1a0000000000000000")]
    [InlineData("1d0000")]
    [InlineData("3061")]
    [InlineData("1f")]
    [Trait("rfc", "9000 §12.4")]
    public void In_a_handshake_packet_most_frames_are_forbidden(string payload)
    {
        using EndpointPair pair = new(112, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        QuicConnection client = pair.Connect();
        FrameReceiver receiver = new(client, client.InitialSpace, default, phaseBit: false, client.Path, 1200);
        Assert.Equal(TransportErrorCode.ProtocolViolation, receiver.ReceiveAll(Convert.FromHexString(payload)));
    }

    [Fact]
    [Trait("rfc", "9221 §3")]
    public void A_datagram_frame_that_was_not_permitted_is_a_violation()
    {
        PairOptions options = new() { Server = new TransportOptions { MaxDatagramFrameSize = 0 } };
        using EndpointPair pair = new(113, options, new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.ConnectAndConfirm();
        Assert.Equal(0, pair.ClientConnection.MaxDatagramPayload);
        QuicConnection server = pair.ServerConnection!;
        FrameReceiver receiver = new(server, server.ApplicationSpace, default, phaseBit: false, server.Path, 1200);
        Assert.Equal(TransportErrorCode.ProtocolViolation, receiver.ReceiveAll(new byte[] { 0x30, 1 }));
    }

    [Fact]
    [Trait("rfc", "9000 §9.1")]
    public void Probing_and_ack_eliciting_packets_are_told_apart()
    {
        using EndpointPair pair = new(114, new PairOptions(), new DelayLink(TimeSpan.FromMilliseconds(1)));
        pair.ConnectAndConfirm();
        Assert.Equal((true, true), Kind(pair, "1a0102030405060708 0000"));
        Assert.Equal((true, false), Kind(pair, "01"));
        Assert.Equal((false, true), Kind(pair, "000000"));
        Assert.Equal((false, false), Kind(pair, "1c00 00 00"));
    }

    private static (bool AckEliciting, bool Probing) Kind(EndpointPair pair, string payload)
    {
        QuicConnection server = pair.ServerConnection!;
        FrameReceiver receiver = new(server, server.ApplicationSpace, default, phaseBit: false, server.Path, 1200);
        Assert.Equal(TransportErrorCode.NoError, receiver.ReceiveAll(Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))));
        return (receiver.IsAckEliciting, receiver.IsProbing);
    }
}
