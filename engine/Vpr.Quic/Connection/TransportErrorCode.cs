namespace Vpr.Quic;

/// <summary>Why a connection is closed by the transport: the error code of CONNECTION_CLOSE type 0x1c.</summary>
/// <remarks>RFC 9000 §20.1</remarks>
public enum TransportErrorCode : ulong
{
    /// <summary>No error: the connection is closed on purpose.</summary>
    NoError = 0x00,

    /// <summary>Something went wrong in this implementation.</summary>
    InternalError = 0x01,

    /// <summary>The server refuses new connections.</summary>
    ConnectionRefused = 0x02,

    /// <summary>More data than the advertised limits allow.</summary>
    FlowControlError = 0x03,

    /// <summary>A stream beyond the advertised stream limit.</summary>
    StreamLimitError = 0x04,

    /// <summary>A frame for a stream in a state that does not permit it.</summary>
    StreamStateError = 0x05,

    /// <summary>A final size that changed, or data beyond it.</summary>
    FinalSizeError = 0x06,

    /// <summary>A frame that is badly formed.</summary>
    FrameEncodingError = 0x07,

    /// <summary>Transport parameters that are badly formed, forbidden or missing.</summary>
    TransportParameterError = 0x08,

    /// <summary>More connection IDs than the advertised limit.</summary>
    ConnectionIdLimitError = 0x09,

    /// <summary>Any other breach of the protocol.</summary>
    ProtocolViolation = 0x0a,

    /// <summary>An Initial with a token that is not valid.</summary>
    InvalidToken = 0x0b,

    /// <summary>The application closed the connection before 1-RTT keys; its own code stays unsaid.</summary>
    ApplicationError = 0x0c,

    /// <summary>More handshake data out of order than is buffered.</summary>
    CryptoBufferExceeded = 0x0d,

    /// <summary>A key update that breaks its rules.</summary>
    KeyUpdateError = 0x0e,

    /// <summary>The confidentiality or integrity limit of the AEAD is reached.</summary>
    AeadLimitReached = 0x0f,

    /// <summary>No path to the peer is left.</summary>
    NoViablePath = 0x10,

    /// <summary>The first of 256 codes that carry a TLS alert in their low byte.</summary>
    CryptoError = 0x0100,
}
