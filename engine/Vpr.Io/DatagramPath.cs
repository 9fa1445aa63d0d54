namespace Vpr.Io;

/// <summary>The two ends of a network path, as this host sees them.</summary>
/// <remarks>RFC 9000 §9: a connection migrates when either changes.</remarks>
/// <param name="Local">The local address the datagram was sent to, or <c>default</c> when the socket is bound to one address and it does not matter.</param>
/// <param name="Remote">The peer's address and port.</param>
public readonly record struct DatagramPath(UdpEndpoint Local, UdpEndpoint Remote);
