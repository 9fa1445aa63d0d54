namespace Vpr.Quic.Recovery;

/// <summary>Which frame a <see cref="SentFrame"/> stands for; PADDING, PING, DATAGRAM and CONNECTION_CLOSE leave no record, since none is ever sent again.</summary>
/// <remarks>RFC 9000 §13.3 says of each frame what its loss means.</remarks>
internal enum SentFrameKind : byte
{
    /// <summary>ACK; <see cref="SentFrame.Offset"/> is the largest packet number it acknowledged. Its acknowledgement lets the receiver forget older ranges (RFC 9000 §13.2.4).</summary>
    Ack,

    /// <summary>CRYPTO; offset and length of the range.</summary>
    Crypto,

    /// <summary>STREAM; id, offset, length and fin.</summary>
    Stream,

    /// <summary>RESET_STREAM of a stream id.</summary>
    ResetStream,

    /// <summary>STOP_SENDING of a stream id.</summary>
    StopSending,

    /// <summary>MAX_DATA; offset is the limit sent.</summary>
    MaxData,

    /// <summary>MAX_STREAM_DATA of a stream id; offset is the limit sent.</summary>
    MaxStreamData,

    /// <summary>MAX_STREAMS; id is the <see cref="StreamDirection"/>, offset the limit sent.</summary>
    MaxStreams,

    /// <summary>DATA_BLOCKED; offset is the limit told.</summary>
    DataBlocked,

    /// <summary>STREAM_DATA_BLOCKED of a stream id; offset is the limit told.</summary>
    StreamDataBlocked,

    /// <summary>STREAMS_BLOCKED; id is the <see cref="StreamDirection"/>, offset the limit told.</summary>
    StreamsBlocked,

    /// <summary>NEW_CONNECTION_ID; id is its sequence number.</summary>
    NewConnectionId,

    /// <summary>RETIRE_CONNECTION_ID; id is the sequence number retired.</summary>
    RetireConnectionId,

    /// <summary>PATH_CHALLENGE; offset is its data as a number.</summary>
    PathChallenge,

    /// <summary>HANDSHAKE_DONE.</summary>
    HandshakeDone,

    /// <summary>NEW_TOKEN.</summary>
    NewToken,

    /// <summary>ACK_FREQUENCY; id is its sequence number.</summary>
    AckFrequency,
}
