using Vpr.Quic.Streams;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Streams;

/// <summary>Hands parsed frames to a stream set, as a connection would.</summary>
internal struct StreamFrameVisitor(StreamSet streams) : IQuicFrameVisitor
{
    public TransportErrorCode Error { get; private set; }

    public bool Visit(in ResetStreamFrame frame) => Is(streams.OnResetStream(new(frame.StreamId), frame.ApplicationProtocolErrorCode, frame.FinalSize));

    public bool Visit(in StopSendingFrame frame) => Is(streams.OnStopSending(new(frame.StreamId), frame.ApplicationProtocolErrorCode));

    public bool Visit(in StreamFrame frame) => Is(streams.OnStream(new(frame.StreamId), frame.Offset, frame.Data, frame.Fin));

    public bool Visit(in MaxDataFrame frame)
    {
        streams.OnMaxData(frame.MaximumData);
        return true;
    }

    public bool Visit(in MaxStreamDataFrame frame) => Is(streams.OnMaxStreamData(new(frame.StreamId), frame.MaximumStreamData));

    public bool Visit(in MaxStreamsFrame frame)
    {
        streams.OnMaxStreams(frame.IsUnidirectional ? StreamDirection.Unidirectional : StreamDirection.Bidirectional, frame.MaximumStreams);
        return true;
    }

    public bool Visit(in DataBlockedFrame frame) => true;

    public bool Visit(in StreamDataBlockedFrame frame) => Is(streams.OnStreamDataBlocked(new(frame.StreamId)));

    public bool Visit(in StreamsBlockedFrame frame) => true;

    public bool Visit(in PaddingFrame frame) => false;

    public bool Visit(in PingFrame frame) => false;

    public bool Visit(in AckFrame frame) => false;

    public bool Visit(in CryptoFrame frame) => false;

    public bool Visit(in NewTokenFrame frame) => false;

    public bool Visit(in NewConnectionIdFrame frame) => false;

    public bool Visit(in RetireConnectionIdFrame frame) => false;

    public bool Visit(in PathChallengeFrame frame) => false;

    public bool Visit(in PathResponseFrame frame) => false;

    public bool Visit(in ConnectionCloseFrame frame) => false;

    public bool Visit(in HandshakeDoneFrame frame) => false;

    public bool Visit(in DatagramFrame frame) => false;

    public bool Visit(in AckFrequencyFrame frame) => false;

    public bool Visit(in ImmediateAckFrame frame) => false;

    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => false;

    private bool Is(TransportErrorCode error)
    {
        Error = error;
        return error == TransportErrorCode.NoError;
    }
}
