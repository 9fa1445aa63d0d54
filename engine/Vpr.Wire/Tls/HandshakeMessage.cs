namespace Vpr.Wire.Tls;

/// <summary>The messages of the TLS 1.3 handshake, as CRYPTO frames carry them.</summary>
/// <remarks>RFC 8446 §4. The length is 24 bits: a receiver bounds it before it buffers (<c>TryParseHeader</c>).</remarks>
[WireFamily(TypeEncoding.UInt8, Length = Prefix.UInt24)]
public static partial class HandshakeMessage;
