using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class HandshakeTests
{
    public static TheoryData<NamedGroup, CipherSuite, string> Combinations()
    {
        var data = new TheoryData<NamedGroup, CipherSuite, string>();
        foreach (NamedGroup group in new[] { NamedGroup.X25519MLKEM768, NamedGroup.X25519, NamedGroup.Secp256r1 })
        foreach (CipherSuite suite in new[] { CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384, CipherSuite.ChaCha20Poly1305Sha256 })
        foreach (string key in new[] { "ecdsa-p256", "ecdsa-p384", "rsa", "ed25519" })
            data.Add(group, suite, key);
        return data;
    }

    [Theory]
    [Trait("rfc", "8446 §4")]
    [MemberData(nameof(Combinations))]
    public void Both_ends_agree(NamedGroup group, CipherSuite suite, string key)
    {
        ClientHandshakeOptions options = HandshakePair.ClientOptions() with
        {
            Shape = ClientHelloShape.Plain with { Groups = [group], KeyShares = [group], CipherSuites = [suite] },
        };
        using HandshakePair pair = new HandshakePair(options, HandshakePair.ServerOptions(TestCertificates.ByName(key))).Run();
        AssertAgreed(pair);
        Assert.Equal(group, pair.Client.KeyExchange);
        Assert.Equal(group, pair.Server.KeyExchange);
        Assert.Equal(suite, pair.Client.CipherSuite);
        Assert.Equal(suite, pair.Server.CipherSuite);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Fragmentation_changes_nothing(int fragmentLength)
    {
        using var pair = new HandshakePair { FragmentLength = fragmentLength };
        AssertAgreed(pair.Run());
    }

    [Fact]
    public void Defaults_give_a_hybrid_key_exchange()
    {
        using HandshakePair pair = new HandshakePair().Run();
        AssertAgreed(pair);
        Assert.Equal(NamedGroup.X25519MLKEM768, pair.Server.KeyExchange);
        Assert.Equal(CipherSuite.Aes128GcmSha256, pair.Server.CipherSuite);
    }

    [Fact]
    [Trait("rfc", "9001 §5.7")]
    public void Secrets_come_in_the_order_of_installation()
    {
        using HandshakePair pair = new HandshakePair().Run();
        Assert.Equal(
            [
                (EncryptionLevel.Handshake, SecretDirection.Read), (EncryptionLevel.Handshake, SecretDirection.Write),
                (EncryptionLevel.Application, SecretDirection.Write), (EncryptionLevel.Application, SecretDirection.Read),
            ],
            pair.ClientSecrets.Select(secret => (secret.Level, secret.Direction)));
        Assert.Equal(
            [
                (EncryptionLevel.Handshake, SecretDirection.Write), (EncryptionLevel.Handshake, SecretDirection.Read),
                (EncryptionLevel.Application, SecretDirection.Write), (EncryptionLevel.Application, SecretDirection.Read),
            ],
            pair.ServerSecrets.Select(secret => (secret.Level, secret.Direction)));
    }

    [Fact]
    [Trait("rfc", "9001 §5.7")]
    public void A_server_opens_no_1rtt_packet_before_the_client_is_finished()
    {
        using var pair = new HandshakePair { OnDeliver = (fromClient, level, bytes) => fromClient && level == EncryptionLevel.Handshake ? [] : bytes };
        pair.Run();
        Assert.True(pair.Client.IsComplete);
        Assert.False(pair.Server.IsComplete);
        Assert.DoesNotContain(pair.ServerSecrets, secret => secret.Level == EncryptionLevel.Application && secret.Direction == SecretDirection.Read);
        Assert.Throws<InvalidOperationException>(() => pair.Server.ExportKeyingMaterial("EXPORTER-x"u8, [], new byte[32]));
    }

    [Fact]
    [Trait("rfc", "8446 §7.5")]
    public void Exporters_differ_by_label_context_and_connection()
    {
        using HandshakePair pair = new HandshakePair().Run();
        using HandshakePair other = new HandshakePair(HandshakePair.ClientOptions(seed: 77)).Run();
        byte[][] exported =
        [
            Export(pair.Client, "EXPORTER-a", "x"), Export(pair.Client, "EXPORTER-b", "x"), Export(pair.Client, "EXPORTER-a", "y"),
            Export(pair.Client, "EXPORTER-a", ""), Export(other.Client, "EXPORTER-a", "x"),
        ];
        Assert.Equal(exported.Length, exported.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.2")]
    public void A_disposed_handshake_has_erased_its_secrets()
    {
        HandshakePair pair = new HandshakePair().Run();
        TrafficSecret secret = pair.ClientSecrets[0];
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Secret.Length);
        Assert.Throws<ObjectDisposedException>(() => pair.Client.ExportKeyingMaterial("EXPORTER-x"u8, [], new byte[32]));
        Assert.All(pair.ClientSecrets, taken => Assert.Throws<ObjectDisposedException>(() => taken.Secret.Length));
    }

    [Fact]
    [Trait("rfc", "6066 §3")]
    public void The_name_decides_the_certificate_and_a_stranger_gets_the_default()
    {
        ServerCertificate first = new(TestCertificates.CreateEcdsaLeaf(System.Security.Cryptography.ECCurve.NamedCurves.nistP256, ["first.example", "192.0.2.7"]), TestCertificates.Intermediate);
        ServerCertificate second = new(TestCertificates.CreateEcdsaLeaf(System.Security.Cryptography.ECCurve.NamedCurves.nistP256, ["*.second.example"]), TestCertificates.Intermediate);
        ServerHandshakeOptions server = HandshakePair.ServerOptions() with { Certificates = [first, second] };

        using HandshakePair named = new HandshakePair(HandshakePair.ClientOptions() with { ServerName = "www.Second.example" }, server).Run();
        AssertAgreed(named);
        Assert.Equal(second.Leaf.Thumbprint, named.Client.PeerCertificate!.Thumbprint);
        Assert.Equal("www.Second.example", named.Server.ServerName);

        using HandshakePair address = new HandshakePair(HandshakePair.ClientOptions() with { ServerName = "192.0.2.7" }, server).Run();
        AssertAgreed(address);
        Assert.Equal(first.Leaf.Thumbprint, address.Client.PeerCertificate!.Thumbprint);
        Assert.Null(address.Server.ServerName);

        using HandshakePair stranger = new HandshakePair(HandshakePair.ClientOptions() with { ServerName = "else.example" }, server).Run();
        Assert.Equal(first.Leaf.Thumbprint, stranger.Client.PeerCertificate!.Thumbprint);
        Assert.Equal(CertificateFailure.NameMismatch, stranger.Client.CertificateFailure);
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.2.2")]
    public void A_certificate_whose_key_the_client_cannot_check_is_passed_over()
    {
        ServerHandshakeOptions server = HandshakePair.ServerOptions() with { Certificates = [TestCertificates.Ed25519, TestCertificates.Rsa] };
        using HandshakePair pair = new HandshakePair(server: server).Run(); // Chrome offers no ed25519
        AssertAgreed(pair);
        Assert.Equal(TestCertificates.Rsa.Leaf.Thumbprint, pair.Client.PeerCertificate!.Thumbprint);

        using HandshakePair none = new HandshakePair(server: HandshakePair.ServerOptions(TestCertificates.Ed25519)).Run();
        Assert.Equal(TlsAlert.HandshakeFailure, none.Server.Alert);
    }

    [Fact]
    [Trait("rfc", "7301 §3.2")]
    public void The_servers_preference_decides_the_protocol()
    {
        using HandshakePair pair = new HandshakePair(
            HandshakePair.ClientOptions() with { ApplicationProtocols = ["h3-29", "h3", "doq"] },
            HandshakePair.ServerOptions() with { ApplicationProtocols = ["doq", "h3"] }).Run();
        Assert.True(pair.IsComplete);
        Assert.Equal("doq", pair.Client.NegotiatedProtocol);
        Assert.Equal("doq", pair.Server.NegotiatedProtocol);
    }

    [Fact]
    [Trait("rfc", "9001 §8.1")]
    public void No_protocol_in_common_is_an_alert()
    {
        using HandshakePair pair = new HandshakePair(HandshakePair.ClientOptions() with { ApplicationProtocols = ["h3x"] }).Run();
        Assert.Equal(TlsAlert.NoApplicationProtocol, pair.Server.Alert);
        Assert.False(pair.Server.TryTakeOutput(out _, out _));
    }

    [Fact]
    public void No_suite_in_common_is_an_alert()
    {
        using HandshakePair pair = new HandshakePair(
            HandshakePair.ClientOptions() with { Shape = ClientHelloShape.Chrome with { CipherSuites = [CipherSuite.Aes128GcmSha256] } },
            HandshakePair.ServerOptions() with { CipherSuites = [CipherSuite.Aes256GcmSha384] }).Run();
        Assert.Equal(TlsAlert.HandshakeFailure, pair.Server.Alert);
    }

    [Fact]
    public void No_group_in_common_is_an_alert()
    {
        using HandshakePair pair = new HandshakePair(
            HandshakePair.ClientOptions() with { Shape = ClientHelloShape.Chrome with { Groups = [NamedGroup.X25519], KeyShares = [NamedGroup.X25519] } },
            HandshakePair.ServerOptions() with { Groups = [NamedGroup.Secp256r1] }).Run();
        Assert.Equal(TlsAlert.HandshakeFailure, pair.Server.Alert);
    }

    internal static void AssertAgreed(HandshakePair pair)
    {
        Assert.Null(pair.Client.Alert);
        Assert.Null(pair.Server.Alert);
        Assert.True(pair.IsComplete);
        Assert.Equal("h3", pair.Client.NegotiatedProtocol);
        Assert.Equal("h3", pair.Server.NegotiatedProtocol);
        Assert.Equal(HandshakePair.ServerTransportParameters, pair.Client.PeerTransportParameters!.Value.ToArray());
        Assert.Equal(HandshakePair.ClientTransportParameters, pair.Server.PeerTransportParameters!.Value.ToArray());
        Assert.Equal(Export(pair.Client, "EXPORTER-test", "context"), Export(pair.Server, "EXPORTER-test", "context"));
        Assert.Equal(4, pair.ClientSecrets.Count);
        Assert.Equal(4, pair.ServerSecrets.Count);
        foreach (TrafficSecret mine in pair.ClientSecrets)
        {
            SecretDirection other = mine.Direction == SecretDirection.Read ? SecretDirection.Write : SecretDirection.Read;
            TrafficSecret theirs = Assert.Single(pair.ServerSecrets, secret => secret.Level == mine.Level && secret.Direction == other);
            Assert.Equal(mine.Secret.ToArray(), theirs.Secret.ToArray());
        }

        Assert.Equal(4, pair.ClientSecrets.Select(secret => Convert.ToHexString(secret.Secret)).Distinct().Count());
    }

    private static byte[] Export(TlsHandshake handshake, string label, string context)
    {
        byte[] output = new byte[48];
        handshake.ExportKeyingMaterial(System.Text.Encoding.ASCII.GetBytes(label), System.Text.Encoding.ASCII.GetBytes(context), output);
        return output;
    }
}
