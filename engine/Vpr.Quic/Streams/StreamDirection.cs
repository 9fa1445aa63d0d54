namespace Vpr.Quic;

/// <summary>Whether both ends of a stream may send, or its initiator alone.</summary>
/// <remarks>RFC 9000 §2.1</remarks>
public enum StreamDirection : byte
{
    /// <summary>Both ends send.</summary>
    Bidirectional = 0,

    /// <summary>Only the end that opened the stream sends.</summary>
    Unidirectional = 1,
}
