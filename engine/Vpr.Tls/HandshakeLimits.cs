namespace Vpr.Tls;

/// <summary>How much a peer can make this end hold during a handshake. A message that is longer ends the handshake before its body is kept.</summary>
public static class HandshakeLimits
{
    /// <summary>Longest ClientHello body that a server takes, in bytes.</summary>
    /// <remarks>A browser's with a post-quantum share is below 2 KiB, so this leaves room and still bounds what an unvalidated address costs.</remarks>
    public const int MaxClientHello = 16 * 1024;

    /// <summary>Longest ServerHello or HelloRetryRequest body that a client takes, in bytes; a cookie may fill most of it.</summary>
    public const int MaxServerHello = 8 * 1024;

    /// <summary>Longest EncryptedExtensions body, in bytes.</summary>
    public const int MaxEncryptedExtensions = 16 * 1024;

    /// <summary>Longest CertificateRequest body, in bytes; the list of authorities can be long.</summary>
    public const int MaxCertificateRequest = 32 * 1024;

    /// <summary>Longest Certificate body that a client takes, in bytes, compressed or not.</summary>
    public const int MaxCertificate = 64 * 1024;

    /// <summary>Most certificates of a chain that a client takes.</summary>
    public const int MaxCertificateChain = 16;

    /// <summary>Longest CertificateVerify body, in bytes: an RSA signature of 8192 bits fits.</summary>
    public const int MaxCertificateVerify = 2 * 1024;

    /// <summary>Longest NewSessionTicket body that a client takes (and drops), in bytes.</summary>
    public const int MaxNewSessionTicket = 16 * 1024;
}
