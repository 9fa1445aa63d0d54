using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Testing;

namespace Vpr.Tls.Tests;

/// <summary>A root, an intermediate and server certificates of every key type, made once for all tests.</summary>
internal static class TestCertificates
{
    public const string Name = "www.example.org";

    private static readonly Ed25519PrivateKey _ed25519Key = Ed25519PrivateKey.Generate(new SeededRandom(25519));

    private static long _serial = 1;

    /// <summary>A time at which everything is valid that does not say otherwise.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset NotBefore { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset NotAfter { get; } = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static X509Certificate2 Root { get; } = CreateAuthority("Test Root", null);

    public static X509Certificate2 OtherRoot { get; } = CreateAuthority("Other Root", null);

    public static X509Certificate2 Intermediate { get; } = CreateAuthority("Test Intermediate", Root);

    public static ServerCertificate EcdsaP256 { get; } = new(CreateEcdsaLeaf(ECCurve.NamedCurves.nistP256, [Name]), Intermediate);

    public static ServerCertificate EcdsaP384 { get; } = new(CreateEcdsaLeaf(ECCurve.NamedCurves.nistP384, [Name]), Intermediate);

    public static ServerCertificate Rsa { get; } = new(CreateRsaLeaf([Name]), Intermediate);

    public static ServerCertificate Ed25519 { get; } = CreateEd25519([Name]);

    public static ServerCertificate ByName(string key) => key switch
    {
        "ecdsa-p256" => EcdsaP256,
        "ecdsa-p384" => EcdsaP384,
        "rsa" => Rsa,
        "ed25519" => Ed25519,
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>The PKCS #8 encoding of a certificate's private key.</summary>
    public static byte[] PrivateKeyOf(string key)
    {
        if (key == "ed25519")
        {
            byte[] seed = new byte[32];
            _ed25519Key.Export(seed);
            return [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, .. seed]; // RFC 8410 §7
        }

        X509Certificate2 leaf = ByName(key).Leaf;
        return leaf.GetECDsaPrivateKey()?.ExportPkcs8PrivateKey() ?? leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKey();
    }

    public static X509Certificate2 CreateEcdsaLeaf(
        ECCurve curve,
        string[] names,
        X509Certificate2? issuer = null,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        string purpose = "1.3.6.1.5.5.7.3.1")
    {
        using ECDsa key = ECDsa.Create(curve);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        AddLeafExtensions(request, names, X509KeyUsageFlags.DigitalSignature, purpose);
        using X509Certificate2 certificate = request.Create(issuer ?? Intermediate, notBefore ?? NotBefore, notAfter ?? NotAfter, NextSerial());
        return certificate.CopyWithPrivateKey(key);
    }

    public static X509Certificate2 CreateSelfSigned(string[] names, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=alone", key, HashAlgorithmName.SHA256);
        AddLeafExtensions(request, names, X509KeyUsageFlags.DigitalSignature, "1.3.6.1.5.5.7.3.1");
        return request.CreateSelfSigned(notBefore ?? NotBefore, notAfter ?? NotAfter);
    }

    public static X509Certificate2 CreateRsaLeaf(string[] names, int bits = 2048)
    {
        using RSA key = RSA.Create(bits);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        AddLeafExtensions(request, names, X509KeyUsageFlags.DigitalSignature, "1.3.6.1.5.5.7.3.1");
        using X509Certificate2 certificate = request.Create(
            Intermediate.SubjectName, X509SignatureGenerator.CreateForECDsa(Intermediate.GetECDsaPrivateKey()!), NotBefore, NotAfter, NextSerial());
        return certificate.CopyWithPrivateKey(key);
    }

    public static X509Certificate2 CreateAuthority(string name, X509Certificate2? issuer, DateTimeOffset? notAfter = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer is null) return request.CreateSelfSigned(NotBefore, NotAfter);
        using X509Certificate2 certificate = request.Create(issuer, NotBefore, notAfter ?? NotAfter, NextSerial());
        return certificate.CopyWithPrivateKey(key);
    }

    public static ServerCertificate CreateEd25519(string[] names, X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature)
    {
        var publicKey = new PublicKey(new Oid("1.3.101.112"), null, new AsnEncodedData(_ed25519Key.PublicKey));
        var request = new CertificateRequest(new X500DistinguishedName("CN=server"), publicKey, HashAlgorithmName.SHA256);
        AddLeafExtensions(request, names, usage, "1.3.6.1.5.5.7.3.1");
        X509Certificate2 certificate = request.Create(
            Intermediate.SubjectName, X509SignatureGenerator.CreateForECDsa(Intermediate.GetECDsaPrivateKey()!), NotBefore, NotAfter, NextSerial());
        return new ServerCertificate(certificate, _ed25519Key, Intermediate);
    }

    private static void AddLeafExtensions(CertificateRequest request, string[] names, X509KeyUsageFlags usage, string purpose)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
    }

    private static byte[] NextSerial() => BitConverter.GetBytes(Interlocked.Increment(ref _serial) << 8 | 1);
}
