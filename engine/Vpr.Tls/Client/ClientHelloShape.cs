using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>What a ClientHello looks like from outside: which suites, groups and extensions it names, and in which order.</summary>
/// <remarks>
/// An observer tells clients apart by exactly these (JA3, JA4). A shape says no more than the handshake can keep, with three harmless
/// exceptions that browsers make necessary: a group without a key share, a scheme for signatures inside certificates alone, and extensions
/// that are sent to be ignored.
/// </remarks>
public sealed record ClientHelloShape
{
    /// <summary>Chrome 146 over QUIC.</summary>
    /// <remarks>
    /// Over QUIC Chrome shuffles its extensions and sends no GREASE values in the ClientHello, but a GREASE encrypted_client_hello.
    /// </remarks>
    public static ClientHelloShape Chrome { get; } = new()
    {
        CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384, CipherSuite.ChaCha20Poly1305Sha256],
        Groups = [NamedGroup.X25519MLKEM768, NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1],
        KeyShares = [NamedGroup.X25519MLKEM768, NamedGroup.X25519],
        SignatureSchemes =
        [
            SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPkcs1Sha256,
            SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPkcs1Sha384,
            SignatureScheme.RsaPssRsaeSha512, SignatureScheme.RsaPkcs1Sha512, SignatureScheme.RsaPkcs1Sha1,
        ],
        Extensions =
        [
            ExtensionType.QuicTransportParameters, ExtensionType.ApplicationLayerProtocolNegotiation, ExtensionType.KeyShare,
            ExtensionType.SupportedGroups, ExtensionType.PskKeyExchangeModes, ExtensionType.SignatureAlgorithms,
            ExtensionType.CompressCertificate, ExtensionType.EncryptedClientHello, ExtensionType.ApplicationSettings,
            ExtensionType.SupportedVersions, ExtensionType.ServerName,
        ],
        ShuffleExtensions = true,
    };

    /// <summary>No imitation: everything the handshake can do, in a fixed order, with GREASE.</summary>
    public static ClientHelloShape Plain { get; } = new()
    {
        CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384, CipherSuite.ChaCha20Poly1305Sha256],
        Groups = [NamedGroup.X25519MLKEM768, NamedGroup.X25519, NamedGroup.Secp256r1],
        KeyShares = [NamedGroup.X25519MLKEM768, NamedGroup.X25519],
        SignatureSchemes =
        [
            SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.Ed25519,
            SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
            SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
        ],
        Extensions =
        [
            ExtensionType.ServerName, ExtensionType.SupportedVersions, ExtensionType.SupportedGroups, ExtensionType.KeyShare,
            ExtensionType.SignatureAlgorithms, ExtensionType.ApplicationLayerProtocolNegotiation, ExtensionType.QuicTransportParameters,
        ],
        Grease = true,
    };

    /// <summary>The suites, most wanted first; at least one, all supported.</summary>
    public required IReadOnlyList<CipherSuite> CipherSuites { get; init; }

    /// <summary>The groups of supported_groups, most wanted first.</summary>
    public required IReadOnlyList<NamedGroup> Groups { get; init; }

    /// <summary>The groups that a share is sent for, in the order of <see cref="Groups"/>, all supported; none asks for a HelloRetryRequest.</summary>
    public required IReadOnlyList<NamedGroup> KeyShares { get; init; }

    /// <summary>The schemes of signature_algorithms, most wanted first.</summary>
    public required IReadOnlyList<SignatureScheme> SignatureSchemes { get; init; }

    /// <summary>The extensions in their order. Must hold those that TLS 1.3 and QUIC cannot do without; server_name is passed over when the server is an address.</summary>
    public required IReadOnlyList<ExtensionType> Extensions { get; init; }

    /// <summary>Whether the order of the extensions is drawn anew for each handshake.</summary>
    public bool ShuffleExtensions { get; init; }

    /// <summary>Whether GREASE values stand in suites, groups, versions, key shares, and as first and last extension.</summary>
    /// <remarks>RFC 8701</remarks>
    public bool Grease { get; init; }

    /// <summary>Throws unless a handshake of this shape can work.</summary>
    /// <exception cref="ArgumentException">Something is missing, unsupported or out of order.</exception>
    internal void Validate()
    {
        if (CipherSuites.Count == 0 || !CipherSuites.All(suite => suite.IsSupported()))
            throw new ArgumentException("A shape needs at least one cipher suite, and only supported ones.");
        if (!Groups.Any(KeyShare.IsSupported))
            throw new ArgumentException("A shape needs at least one supported group.");
        // RFC 8446 §4.2.8: shares stand in the order of supported_groups and for groups named there.
        if (!KeySharesFollowGroups() || !KeyShares.All(KeyShare.IsSupported))
            throw new ArgumentException("Key shares must be of supported groups, in the order of the groups.");
        if (SignatureSchemes.Count == 0)
            throw new ArgumentException("A shape needs at least one signature scheme.");
        if (Extensions.Distinct().Count() != Extensions.Count || !Extensions.All(ClientHelloBuilder.CanWrite))
            throw new ArgumentException("A shape names an extension twice, or one that is not supported.");
        if (ClientHelloBuilder.Indispensable.Except(Extensions).Any())
            throw new ArgumentException("A shape leaves out an extension that TLS 1.3 or QUIC cannot do without.");
    }

    private bool KeySharesFollowGroups()
    {
        int share = 0;
        foreach (NamedGroup group in Groups)
        {
            if (!KeyShares.Contains(group)) continue;
            if (share == KeyShares.Count || KeyShares[share++] != group) return false;
        }

        return share == KeyShares.Count;
    }
}
