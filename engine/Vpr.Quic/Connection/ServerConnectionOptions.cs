using Vpr.Tls;

namespace Vpr.Quic;

/// <summary>What a server brings to all of its connections.</summary>
public sealed record ServerConnectionOptions
{
    /// <summary>Certificates, ALPN and randomness of the TLS handshakes.</summary>
    public required ServerHandshakeOptions Tls { get; init; }

    /// <summary>Limits and timers.</summary>
    public TransportOptions Transport { get; init; } = new();
}
