namespace Vpr.Wire.Masque;

/// <summary>DATAGRAM: an HTTP Datagram on the stream, sent reliably.</summary>
/// <remarks>RFC 9297 §3.5</remarks>
[WireFormat]
[MemberOf(typeof(Capsule), 0x00)]
public readonly ref partial struct DatagramCapsule
{
    /// <summary>What an HTTP Datagram's payload would be; for MASQUE a <see cref="ContextDatagram"/>.</summary>
    [Rest]
    public ReadOnlySpan<byte> HttpDatagramPayload { get; init; }
}
