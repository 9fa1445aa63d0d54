namespace Vpr.Wire.Masque;

/// <summary>The payload of an HTTP Datagram in UDP and IP proxying.</summary>
/// <remarks>RFC 9298 §5, RFC 9484 §6</remarks>
[WireFormat]
public readonly ref partial struct ContextDatagram
{
    /// <summary>What <see cref="Payload"/> is: 0 is the plain UDP payload or IP packet; clients give out even numbers, proxies odd ones (RFC 9298 §4).</summary>
    [VarInt]
    public ulong ContextId { get; init; }

    /// <summary>The payload, in the context's format.</summary>
    [Rest]
    public ReadOnlySpan<byte> Payload { get; init; }
}
