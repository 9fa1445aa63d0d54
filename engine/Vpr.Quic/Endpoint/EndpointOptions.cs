using Vpr.Io;

namespace Vpr.Quic;

/// <summary>What an endpoint is, and how much it lets strangers cost it.</summary>
public sealed record EndpointOptions
{
    /// <summary>Where connection IDs, tokens, challenges and keys come from.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>What accepted connections are made with; null for an endpoint that only connects.</summary>
    public ServerConnectionOptions? Server { get; init; }

    /// <summary>Connections of both roles at once; further ones are refused.</summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>Accepted connections from one IPv4 address or one IPv6 /64 at once; further ones are refused.</summary>
    public int MaxConnectionsPerSource { get; init; } = 512;

    /// <summary>Accepted connections whose handshake is not complete; further ones are refused.</summary>
    public int MaxHandshakes { get; init; } = 1_024;

    /// <summary>Handshakes in flight from which on a client must first prove its address by Retry; 0 asks every client. RFC 9000 §8.1.2.</summary>
    public int RetryThreshold { get; init; } = 128;

    /// <summary>The key that stateless reset tokens are made with, 32 bytes, the same for endpoints that share a port, and after a restart so that clients learn of it at once; empty for a random one. RFC 9000 §10.3.2.</summary>
    public ReadOnlyMemory<byte> StatelessResetKey { get; init; }

    /// <summary>The key that the tokens of Retry and NEW_TOKEN are made with, 32 bytes, the same for endpoints that share a port, as a token of one may be shown to another; empty for a random one. RFC 9000 §8.1.</summary>
    public ReadOnlyMemory<byte> AddressTokenKey { get; init; }

    /// <summary>Which connection IDs lead to this endpoint, and so are given out by it: all, unless endpoints share a port.</summary>
    public ConnectionIdShare ConnectionIds { get; init; }
}
