namespace Vpr.Tls;

/// <summary>Why a client refused the server's certificate, precise enough for one clear line to the user.</summary>
public enum CertificateFailure : byte
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>Not a certificate, or one that the platform cannot read.</summary>
    Malformed,

    /// <summary>At the verification time the certificate, or one above it, had expired.</summary>
    Expired,

    /// <summary>At the verification time the certificate, or one above it, was not valid yet; often this host's clock is behind.</summary>
    NotYetValid,

    /// <summary>No subject alternative name covers the server name that was asked for.</summary>
    NameMismatch,

    /// <summary>The chain ends at no root that the policy trusts, or is incomplete.</summary>
    UntrustedRoot,

    /// <summary>The server's public key is not the pinned one.</summary>
    PinMismatch,

    /// <summary>A signature in the chain, or the server's proof that it holds the key (CertificateVerify), does not verify.</summary>
    BadSignature,

    /// <summary>The certificate may not be used for this: key usage, extended key usage, basic or name constraints.</summary>
    NotForServers,

    /// <summary>Key type or signature algorithm is not one of those that were offered.</summary>
    UnsupportedKey,

    /// <summary>Refused for another reason that the platform gave.</summary>
    Other,
}
