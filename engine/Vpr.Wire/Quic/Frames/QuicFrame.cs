namespace Vpr.Wire.Quic;

/// <summary>The frames of a QUIC packet's payload.</summary>
/// <remarks>
/// RFC 9000 §12.4, §19, RFC 9221 §4 and draft-ietf-quic-ack-frequency §4, §5. A frame has no length of its own: a type that is not known makes the rest of the packet
/// unreadable, so <see cref="WireStatus.Unknown"/> is a FRAME_ENCODING_ERROR for the caller.
/// </remarks>
[WireFamily(TypeEncoding.VarInt, ShortestType = true)]
public static partial class QuicFrame;
