namespace Vpr.Wire.Masque;

/// <summary>An HTTP Datagram as a QUIC DATAGRAM frame carries it over HTTP/3.</summary>
/// <remarks>RFC 9297 §2.1. <see cref="Payload"/> is a view of the packet.</remarks>
[WireFormat]
public readonly ref partial struct HttpDatagram
{
    /// <summary>The request's stream ID divided by four, 0 to 2^60-1; a larger one is H3_DATAGRAM_ERROR.</summary>
    [VarInt, Between(0, (1UL << 60) - 1)]
    public ulong QuarterStreamId { get; init; }

    /// <summary>The datagram's payload, whose meaning the request gives; for MASQUE a <see cref="ContextDatagram"/>.</summary>
    [Rest]
    public ReadOnlySpan<byte> Payload { get; init; }
}
