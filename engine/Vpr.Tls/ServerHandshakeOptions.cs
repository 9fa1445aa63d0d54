using Vpr.Io;

namespace Vpr.Tls;

/// <summary>What a server brings to its handshakes; one serves all connections of an endpoint.</summary>
public sealed record ServerHandshakeOptions
{
    /// <summary>The certificates; the first that covers the client's server_name is used, and the first of all when none does or none is asked for.</summary>
    /// <remarks>An unknown name gets the default and no alert, as web servers do (RFC 6066 §3 leaves the choice).</remarks>
    public required IReadOnlyList<ServerCertificate> Certificates { get; init; }

    /// <summary>The protocols accepted by ALPN in order of preference, such as "h3"; at least one, each 1 to 255 ASCII characters.</summary>
    /// <remarks>RFC 7301 §3.2: the server's preference decides; none in common ends in no_application_protocol.</remarks>
    public required IReadOnlyList<string> ApplicationProtocols { get; init; }

    /// <summary>Where key shares and Random come from.</summary>
    public required IRandomSource Random { get; init; }
}
