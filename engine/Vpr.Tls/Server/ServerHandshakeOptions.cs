using Vpr.Io;
using Vpr.Wire.Tls;

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

    /// <summary>The suites, most wanted first; at least one, all supported.</summary>
    public IReadOnlyList<CipherSuite> CipherSuites { get; init; } =
        [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384, CipherSuite.ChaCha20Poly1305Sha256];

    /// <summary>The groups, most wanted first; at least one, all supported.</summary>
    /// <remarks>The first that the client sent a share for is used; only without any is a HelloRetryRequest sent.</remarks>
    public IReadOnlyList<NamedGroup> Groups { get; init; } =
        [NamedGroup.X25519MLKEM768, NamedGroup.X25519, NamedGroup.Secp256r1];

    /// <summary>Throws unless a handshake with these options can work.</summary>
    /// <exception cref="ArgumentException">Something is missing or unsupported.</exception>
    internal void Validate()
    {
        if (Certificates.Count == 0) throw new ArgumentException("A server needs a certificate.");
        ApplicationProtocolNames.Validate(ApplicationProtocols);
        if (CipherSuites.Count == 0 || !CipherSuites.All(suite => suite.IsSupported()))
            throw new ArgumentException("A server needs at least one cipher suite, and only supported ones.");
        if (Groups.Count == 0 || !Groups.All(KeyShare.IsSupported))
            throw new ArgumentException("A server needs at least one group, and only supported ones.");
    }
}
