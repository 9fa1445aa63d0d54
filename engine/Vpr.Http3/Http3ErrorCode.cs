namespace Vpr.Http3;

/// <summary>Why a stream or connection is ended by HTTP/3: the application error code of QUIC.</summary>
/// <remarks>RFC 9114 §8.1, RFC 9204 §6, RFC 9297 §5.2. Codes of the form 0x1f * N + 0x21 are reserved and mean <see cref="NoError"/>.</remarks>
public enum Http3ErrorCode : ulong
{
    /// <summary>An HTTP Datagram or capsule that breaks the rules of its protocol.</summary>
    DatagramError = 0x33,

    /// <summary>No error: the connection or stream is ended on purpose.</summary>
    NoError = 0x0100,

    /// <summary>The peer broke the protocol in a way that no other code names.</summary>
    GeneralProtocolError = 0x0101,

    /// <summary>Something went wrong in this implementation.</summary>
    InternalError = 0x0102,

    /// <summary>The peer opened a stream that is not accepted.</summary>
    StreamCreationError = 0x0103,

    /// <summary>A stream that the connection needs was closed or reset.</summary>
    ClosedCriticalStream = 0x0104,

    /// <summary>A frame that is not permitted in its place.</summary>
    FrameUnexpected = 0x0105,

    /// <summary>A frame whose layout or size is wrong.</summary>
    FrameError = 0x0106,

    /// <summary>The peer's behaviour may cause excessive load.</summary>
    ExcessiveLoad = 0x0107,

    /// <summary>A stream, push or request ID that is wrong: reused, too large or going the wrong way.</summary>
    IdError = 0x0108,

    /// <summary>The payload of SETTINGS is wrong.</summary>
    SettingsError = 0x0109,

    /// <summary>The control stream does not begin with SETTINGS.</summary>
    MissingSettings = 0x010a,

    /// <summary>A server rejected the request without any processing: it is safe to repeat.</summary>
    RequestRejected = 0x010b,

    /// <summary>The request or its response is cancelled.</summary>
    RequestCancelled = 0x010c,

    /// <summary>The client's stream ended without a complete request.</summary>
    RequestIncomplete = 0x010d,

    /// <summary>A message is malformed and cannot be processed.</summary>
    MessageError = 0x010e,

    /// <summary>The connection of a CONNECT request was reset or closed abnormally.</summary>
    ConnectError = 0x010f,

    /// <summary>The requested operation cannot be served over HTTP/3.</summary>
    VersionFallback = 0x0110,

    /// <summary>A field section could not be decoded.</summary>
    QpackDecompressionFailed = 0x0200,

    /// <summary>The peer's encoder stream holds an instruction that cannot be followed.</summary>
    QpackEncoderStreamError = 0x0201,

    /// <summary>The peer's decoder stream holds an instruction that cannot be followed.</summary>
    QpackDecoderStreamError = 0x0202,
}
