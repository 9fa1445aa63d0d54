namespace Vpr.Wire.Quic;

/// <summary>The transport parameters: what each end declares about itself during the handshake.</summary>
/// <remarks>
/// RFC 9000 §18. A sequence of identifier, length and value; receivers skip identifiers they do not know. That none comes twice and
/// that a client sends none of the server's is the connection's check (RFC 9000 §7.4).
/// </remarks>
[WireFamily(TypeEncoding.VarInt, Length = Prefix.VarInt)]
public static partial class TransportParameter;
