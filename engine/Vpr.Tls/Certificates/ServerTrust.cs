using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vpr.Tls;

/// <summary>Whom a client believes: what the server's certificate is checked against.</summary>
/// <remarks>
/// Under every policy the verification time must lie in the certificate's validity and CertificateVerify must verify. Roots, system or
/// private, also ask for a subject alternative name that covers the server name; a pinned key is itself the identity, so the name does not
/// matter and the chain is not looked at. Revocation is not checked: that would need the network.
/// </remarks>
public abstract class ServerTrust
{
    private ServerTrust()
    {
    }

    /// <summary>The roots that the platform trusts.</summary>
    public static ServerTrust SystemRoots { get; } = new Roots([]);

    /// <summary>One certification authority and nothing else.</summary>
    /// <param name="authority">Its certificate; stays the caller's and must live as long as the policy.</param>
    public static ServerTrust PrivateCa(X509Certificate2 authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return new Roots([authority]);
    }

    /// <summary>One public key: the server's certificate may be self-signed and say anything, if its key is this one.</summary>
    /// <param name="spkiSha256">The SHA-256 of its SubjectPublicKeyInfo, 32 bytes; see <see cref="PinOf"/>.</param>
    /// <remarks>RFC 7469 §2.4 for how the pin is made.</remarks>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static ServerTrust PinnedKey(ReadOnlySpan<byte> spkiSha256)
    {
        if (spkiSha256.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException("A pin is a SHA-256: 32 bytes.", nameof(spkiSha256));
        return new Pin(spkiSha256.ToArray());
    }

    /// <summary>The pin of a certificate's key: the SHA-256 of its SubjectPublicKeyInfo, 32 bytes.</summary>
    public static byte[] PinOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Trust in roots; no roots of our own mean the platform's.</summary>
    internal sealed class Roots(X509Certificate2[] own) : ServerTrust
    {
        public ReadOnlySpan<X509Certificate2> Own => own;
    }

    /// <summary>Trust in one key.</summary>
    internal sealed class Pin(byte[] spkiSha256) : ServerTrust
    {
        public ReadOnlySpan<byte> SpkiSha256 => spkiSha256;
    }
}
