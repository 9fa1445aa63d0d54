using Vpr.Io;

namespace Vpr.Tls;

/// <summary>What a client brings to a handshake. A record, so that a reconnect is <c>options with { VerificationTime = now }</c>.</summary>
public sealed record ClientHandshakeOptions
{
    /// <summary>The server to reach and to verify: a DNS name (ASCII; an internationalised one in its A-label form), or an IPv4 or IPv6 address as text.</summary>
    /// <remarks>RFC 6066 §3: an address is verified but never sent.</remarks>
    public required string ServerName { get; init; }

    /// <summary>The protocols offered by ALPN in order of preference, such as "h3"; at least one, each 1 to 255 ASCII characters.</summary>
    /// <remarks>RFC 9001 §8.1: QUIC cannot do without.</remarks>
    public required IReadOnlyList<string> ApplicationProtocols { get; init; }

    /// <summary>Whom to believe.</summary>
    public required ServerTrust Trust { get; init; }

    /// <summary>The wall-clock time at which certificates must be valid.</summary>
    public required DateTimeOffset VerificationTime { get; init; }

    /// <summary>Where key shares, Random and GREASE values come from.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>What the ClientHello looks like; <see cref="ClientHelloShape.Chrome"/> unless it is set.</summary>
    public ClientHelloShape Shape { get; init; } = ClientHelloShape.Chrome;
}
