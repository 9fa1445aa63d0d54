using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vpr.Server.Certificates;

/// <summary>A certification authority of one server, for operators without a public certificate.</summary>
/// <remarks>RFC 5280. Keys are ECDSA P-256, as in most certificates of the public web.</remarks>
internal static class PrivateAuthority
{
    /// <summary>How long an authority is valid.</summary>
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);

    /// <summary>How long a server's certificate is valid: the longest that browsers accept.</summary>
    public static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(397);

    // A client's clock may run a little behind the server's.
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);

    /// <summary>A new authority with its key; the caller disposes it.</summary>
    /// <param name="name">What its subject names.</param>
    /// <param name="now">When it begins.</param>
    public static X509Certificate2 Create(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name} CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdate, now + AuthorityLifetime);
    }

    /// <summary>A server's certificate with its key; the caller disposes it.</summary>
    /// <param name="authority">The authority, with its key.</param>
    /// <param name="host">A DNS name or an IP address.</param>
    /// <param name="now">When it begins.</param>
    public static X509Certificate2 Issue(X509Certificate2 authority, string host, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));

        // RFC 5280 §4.1.2.2: a positive number of at most 20 octets, not guessable.
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        serial[0] |= 0x01;
        DateTimeOffset end = now + ServerLifetime;
        using X509Certificate2 bare = request.Create(authority, now - Backdate, end < authority.NotAfter ? end : authority.NotAfter, serial);
        return bare.CopyWithPrivateKey(key);
    }
}
