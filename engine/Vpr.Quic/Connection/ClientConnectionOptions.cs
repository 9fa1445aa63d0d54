using Vpr.Tls;

namespace Vpr.Quic;

/// <summary>What a client brings to one connection.</summary>
public sealed record ClientConnectionOptions
{
    /// <summary>Server name, ALPN, trust and randomness of the TLS handshake.</summary>
    public required ClientHandshakeOptions Tls { get; init; }

    /// <summary>Limits and timers.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>The token of an earlier connection's <see cref="QuicConnection.AddressToken"/> to the same server, or empty: it spares a Retry.</summary>
    /// <remarks>RFC 9000 §8.1.3</remarks>
    public ReadOnlyMemory<byte> AddressToken { get; init; }
}
