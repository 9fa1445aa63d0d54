using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Tls;

namespace Vpr.Testing;

/// <summary>One self-signed server certificate for all tests of a process, and the pin by which clients trust it.</summary>
public static class TestServerIdentity
{
    /// <summary>The name it is for.</summary>
    public const string ServerName = "server.test";

    /// <summary>A time at which it is valid.</summary>
    public static readonly DateTimeOffset ValidTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly X509Certificate2 Leaf = Create();

    /// <summary>The certificate with its key.</summary>
    public static ServerCertificate Certificate { get; } = new(Leaf);

    /// <summary>Trust in it alone.</summary>
    public static ServerTrust Trust { get; } = ServerTrust.PinnedKey(ServerTrust.PinOf(Leaf));

    private static X509Certificate2 Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + ServerName, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(ServerName);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(ValidTime.AddDays(-1), ValidTime.AddDays(90));
    }
}
