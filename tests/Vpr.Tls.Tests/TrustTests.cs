using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vpr.Tls.Tests;

public sealed class TrustTests
{
    private static readonly ECCurve P256 = ECCurve.NamedCurves.nistP256;

    [Theory]
    [InlineData("www.example.org", "www.example.org", true)]
    [InlineData("www.example.org", "WWW.EXAMPLE.ORG", true)]
    [InlineData("*.example.org", "www.example.org", true)]
    [InlineData("*.example.org", "a.b.example.org", false)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("www.example.org", "www.example.com", false)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8:0::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    [Trait("rfc", "9525 §6")]
    public void The_name_must_be_covered(string inCertificate, string asked, bool covered)
    {
        X509Certificate2 leaf = TestCertificates.CreateEcdsaLeaf(P256, [inCertificate]);
        Expect(covered ? CertificateFailure.None : CertificateFailure.NameMismatch, TlsAlert.CertificateUnknown, new ServerCertificate(leaf, TestCertificates.Intermediate), options => options with { ServerName = asked });
    }

    [Fact]
    [Trait("rfc", "9525 §6.3")]
    public void A_common_name_is_no_name()
    {
        X509Certificate2 leaf = TestCertificates.CreateEcdsaLeaf(P256, ["other.example"]); // CN=server
        Expect(CertificateFailure.NameMismatch, TlsAlert.CertificateUnknown, new ServerCertificate(leaf, TestCertificates.Intermediate), options => options with { ServerName = "server" });
    }

    [Fact]
    public void A_clock_a_year_ahead_finds_the_certificate_expired() =>
        Expect(CertificateFailure.Expired, TlsAlert.CertificateExpired, TestCertificates.EcdsaP256, options => options with { VerificationTime = TestCertificates.Now.AddYears(1) });

    [Fact]
    public void A_clock_a_year_behind_finds_the_certificate_not_yet_valid() =>
        Expect(CertificateFailure.NotYetValid, TlsAlert.CertificateExpired, TestCertificates.EcdsaP256, options => options with { VerificationTime = TestCertificates.Now.AddYears(-1) });

    [Theory]
    [InlineData(-1, CertificateFailure.None)]
    [InlineData(1, CertificateFailure.Expired)]
    public void Validity_ends_at_its_second(int seconds, CertificateFailure expected)
    {
        X509Certificate2 leaf = TestCertificates.CreateEcdsaLeaf(P256, [TestCertificates.Name], notAfter: TestCertificates.Now);
        Expect(expected, TlsAlert.CertificateExpired, new ServerCertificate(leaf, TestCertificates.Intermediate), options => options with { VerificationTime = TestCertificates.Now.AddSeconds(seconds) });
    }

    [Fact]
    public void An_expired_intermediate_is_expired()
    {
        X509Certificate2 intermediate = TestCertificates.CreateAuthority("Short Lived", TestCertificates.Root, notAfter: TestCertificates.Now.AddDays(-1));
        X509Certificate2 leaf = TestCertificates.CreateEcdsaLeaf(P256, [TestCertificates.Name], issuer: intermediate, notAfter: TestCertificates.Now.AddDays(-1));
        Expect(CertificateFailure.Expired, TlsAlert.CertificateExpired, new ServerCertificate(leaf, intermediate));
    }

    [Fact]
    public void Another_root_is_not_trusted() =>
        Expect(CertificateFailure.UntrustedRoot, TlsAlert.UnknownCa, TestCertificates.EcdsaP256, options => options with { Trust = ServerTrust.PrivateCa(TestCertificates.OtherRoot) });

    [Fact]
    public void The_platform_does_not_know_our_root() =>
        Expect(CertificateFailure.UntrustedRoot, TlsAlert.UnknownCa, TestCertificates.EcdsaP256, options => options with { Trust = ServerTrust.SystemRoots });

    [Fact]
    public void A_chain_with_a_gap_ends_at_no_root() =>
        Expect(CertificateFailure.UntrustedRoot, TlsAlert.UnknownCa, new ServerCertificate(TestCertificates.CreateEcdsaLeaf(P256, [TestCertificates.Name])));

    [Fact]
    public void A_self_signed_certificate_is_not_trusted() =>
        Expect(CertificateFailure.UntrustedRoot, TlsAlert.UnknownCa, new ServerCertificate(TestCertificates.CreateSelfSigned([TestCertificates.Name])));

    [Fact]
    public void A_leaf_that_the_root_signed_itself_needs_no_intermediate() =>
        Expect(CertificateFailure.None, default, new ServerCertificate(TestCertificates.CreateEcdsaLeaf(P256, [TestCertificates.Name], issuer: TestCertificates.Root)));

    [Fact]
    public void A_root_sent_along_does_no_harm() =>
        Expect(CertificateFailure.None, default, new ServerCertificate(TestCertificates.EcdsaP256.Leaf, TestCertificates.Intermediate, TestCertificates.Root));

    [Fact]
    [Trait("rfc", "5280 §4.2.1.12")]
    public void A_client_certificate_is_not_for_servers() =>
        Expect(
            CertificateFailure.NotForServers,
            TlsAlert.UnsupportedCertificate,
            new ServerCertificate(TestCertificates.CreateEcdsaLeaf(P256, [TestCertificates.Name], purpose: "1.3.6.1.5.5.7.3.2"), TestCertificates.Intermediate));

    [Fact]
    [Trait("rfc", "8446 §4.4.2.2")]
    public void A_key_that_may_not_sign_is_not_for_servers() =>
        Expect(
            CertificateFailure.NotForServers,
            TlsAlert.UnsupportedCertificate,
            TestCertificates.CreateEd25519([TestCertificates.Name], X509KeyUsageFlags.KeyAgreement),
            options => options with { Shape = ClientHelloShape.Plain });

    [Fact]
    public void A_leaf_is_no_authority()
    {
        X509Certificate2 pretender = TestCertificates.CreateEcdsaLeaf(P256, ["pretender.example"]);
        ECDsa key = ECDsa.Create(P256);
        var request = new CertificateRequest("CN=victim", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(TestCertificates.Name);
        request.CertificateExtensions.Add(names.Build());
        X509Certificate2 forged = request.Create(
            pretender.SubjectName, X509SignatureGenerator.CreateForECDsa(pretender.GetECDsaPrivateKey()!), TestCertificates.NotBefore, TestCertificates.NotAfter, [9]).CopyWithPrivateKey(key);
        Expect(CertificateFailure.NotForServers, TlsAlert.UnsupportedCertificate, new ServerCertificate(forged, pretender, TestCertificates.Intermediate));
    }

    [Fact]
    public void A_pinned_key_needs_neither_name_nor_chain()
    {
        X509Certificate2 leaf = TestCertificates.CreateSelfSigned(["nothing.example"]);
        Expect(CertificateFailure.None, default, new ServerCertificate(leaf), options => options with { Trust = ServerTrust.PinnedKey(ServerTrust.PinOf(leaf)) });
    }

    [Fact]
    public void A_wrong_pin_is_refused()
    {
        byte[] pin = ServerTrust.PinOf(TestCertificates.EcdsaP256.Leaf);
        pin[31] ^= 1;
        Expect(CertificateFailure.PinMismatch, TlsAlert.CertificateUnknown, TestCertificates.EcdsaP256, options => options with { Trust = ServerTrust.PinnedKey(pin) });
    }

    [Theory]
    [InlineData(-1, CertificateFailure.NotYetValid)]
    [InlineData(1, CertificateFailure.Expired)]
    public void A_pinned_certificate_must_be_valid_now(int years, CertificateFailure expected)
    {
        byte[] pin = ServerTrust.PinOf(TestCertificates.EcdsaP256.Leaf);
        Expect(expected, TlsAlert.CertificateExpired, TestCertificates.EcdsaP256, options => options with { Trust = ServerTrust.PinnedKey(pin), VerificationTime = TestCertificates.Now.AddYears(years) });
    }

    [Fact]
    public void A_small_rsa_key_is_refused()
    {
        var certificate = new ServerCertificate(TestCertificates.CreateRsaLeaf([TestCertificates.Name], bits: 1024), TestCertificates.Intermediate);
        using HandshakePair pair = new HandshakePair(server: HandshakePair.ServerOptions(certificate)).Run();
        Assert.False(pair.Client.IsComplete);
        Assert.NotNull(pair.Client.Alert);
        Assert.NotEqual(CertificateFailure.None, pair.Client.CertificateFailure);
    }

    [Fact]
    public void A_pin_is_the_hash_of_the_subject_public_key_info()
    {
        using RSA key = TestCertificates.Rsa.Leaf.GetRSAPublicKey()!;
        Assert.Equal(SHA256.HashData(key.ExportSubjectPublicKeyInfo()), ServerTrust.PinOf(TestCertificates.Rsa.Leaf));
    }

    private static void Expect(CertificateFailure failure, TlsAlert alert, ServerCertificate certificate, Func<ClientHandshakeOptions, ClientHandshakeOptions>? change = null)
    {
        ClientHandshakeOptions options = HandshakePair.ClientOptions();
        using HandshakePair pair = new HandshakePair(change?.Invoke(options) ?? options, HandshakePair.ServerOptions(certificate)).Run();
        Assert.Equal(failure, pair.Client.CertificateFailure);
        Assert.Equal(failure == CertificateFailure.None ? null : alert, pair.Client.Alert);
        Assert.Equal(failure == CertificateFailure.None, pair.IsComplete);
    }
}
