namespace Vpr.Wire.Quic;

/// <summary>The first byte of a packet with a short header, without header protection.</summary>
/// <remarks>
/// RFC 9000 §17.3.1. The connection ID follows without a length, which the receiver knows, then the packet number and the payload; the packet
/// takes the rest of its datagram. The low five bits are under header protection on the wire (RFC 9001 §5.4.1). The fixed bit may
/// be 0 where the grease bit was agreed (RFC 9287), so it is a value here and the connection judges it.
/// </remarks>
/// <param name="HeaderForm">0.</param>
/// <param name="FixedBit">1 unless greased.</param>
/// <param name="SpinBit">The latency spin bit (RFC 9000 §17.4).</param>
/// <param name="ReservedBits">0; anything else is a PROTOCOL_VIOLATION once the packet is authentic.</param>
/// <param name="KeyPhase">Which keys protect the packet (RFC 9001 §6).</param>
/// <param name="PacketNumberLength">The packet number's length in bytes, less one: 0 to 3.</param>
[WireFormat]
public readonly partial record struct ShortHeader(
    [Bits(1), Constant(0)] byte HeaderForm,
    [Bits] bool FixedBit,
    [Bits] bool SpinBit,
    [Bits(2)] byte ReservedBits,
    [Bits] bool KeyPhase,
    [Bits(2)] byte PacketNumberLength);
