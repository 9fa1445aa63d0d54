using System.IO.Compression;
using Vpr.Tls.Tests.Vectors;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class ServerFlightRulesTests
{
    private static readonly byte[] Parameters = ScriptedServer.Extension(ExtensionType.QuicTransportParameters, [1]);

    [Fact]
    public void A_plain_flight_completes()
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client);
        Assert.True(server.SendServerHello());
        Assert.True(server.SendFlight());
        Assert.True(client.IsComplete);
        Assert.Empty(server.TakeClientFlight());
    }

    [Fact]
    [Trait("rfc", "8446 §4.2.2")]
    public void A_cookie_is_given_back_and_the_shares_stay()
    {
        byte[] cookie = Enumerable.Range(0, 5000).Select(i => (byte)(i % 251)).ToArray();
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client);
        byte[] first = server.ClientHello;
        Assert.True(server.Retry(ScriptedServer.Extension(ExtensionType.Cookie, ScriptedServer.Prefixed16(cookie))));
        byte[] expected = ScriptedServer.Extension(ExtensionType.Cookie, ScriptedServer.Prefixed16(cookie));
        Assert.Equal(expected, server.ClientHello[^expected.Length..]);
        // Everything else is the first ClientHello, but for the two lengths.
        const int extensions = 4 + 2 + 32 + 1 + 2 + 6 + 2;
        Assert.Equal(first[4..extensions], server.ClientHello[4..extensions]);
        Assert.Equal(first[(extensions + 2)..], server.ClientHello[(extensions + 2)..^expected.Length]);

        Assert.True(server.SendServerHello());
        Assert.True(server.SendFlight());
        Assert.True(client.IsComplete);
        Assert.Empty(server.TakeClientFlight());
    }

    [Fact]
    [Trait("rfc", "8446 §4.1.4")]
    public void A_second_retry_is_unexpected()
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client);
        Assert.True(server.Retry(ScriptedServer.Extension(ExtensionType.Cookie, [0, 1, 7])));
        Assert.False(server.Retry(ScriptedServer.Extension(ExtensionType.Cookie, [0, 1, 8])));
        Assert.Equal(TlsAlert.UnexpectedMessage, client.Alert);
    }

    [Theory]
    [Trait("rfc", "8446 §4.1.4, §4.2.8")]
    [InlineData(new byte[] { }, TlsAlert.IllegalParameter)] // changes nothing
    [InlineData(new byte[] { 0, 51, 0, 2, 0, 0x1D }, TlsAlert.IllegalParameter)] // X25519: there is a share
    [InlineData(new byte[] { 0, 51, 0, 2, 0, 0x19 }, TlsAlert.IllegalParameter)] // P-521: not offered
    [InlineData(new byte[] { 0, 51, 0, 2, 0, 0x18 }, TlsAlert.HandshakeFailure)] // P-384: offered for the look of it
    [InlineData(new byte[] { 0, 51, 0, 2, 0, 0x17, 0, 51, 0, 2, 0, 0x17 }, TlsAlert.IllegalParameter)]
    [InlineData(new byte[] { 0, 51, 0, 2, 0, 0x17, 0, 13, 0, 0 }, TlsAlert.UnsupportedExtension)]
    [InlineData(new byte[] { 0, 51, 0, 1, 0 }, TlsAlert.DecodeError)]
    [InlineData(new byte[] { 0, 44, 0, 2, 0, 0 }, TlsAlert.DecodeError)]
    public void A_senseless_retry_is_refused(byte[] extensions, TlsAlert alert)
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client);
        Assert.False(server.Retry(extensions));
        Assert.Equal(alert, client.Alert);
    }

    [Fact]
    [Trait("rfc", "8446 §4.1.4")]
    public void The_suite_of_a_retry_is_kept()
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client);
        Assert.True(server.Retry(ScriptedServer.Extension(ExtensionType.Cookie, [0, 1, 7])));
        Assert.False(server.SendServerHello(CipherSuite.ChaCha20Poly1305Sha256));
        Assert.Equal(TlsAlert.IllegalParameter, client.Alert);
    }

    public static TheoryData<byte[], TlsAlert> WrongParameters() => new()
    {
        { Parameters, TlsAlert.NoApplicationProtocol },
        { ScriptedServer.Protocols("h3"), TlsAlert.MissingExtension },
        { [.. ScriptedServer.Protocols("h2"), .. Parameters], TlsAlert.IllegalParameter },
        { [.. ScriptedServer.Protocols("h3", "h3"), .. Parameters], TlsAlert.DecodeError },
        { [.. ScriptedServer.Protocols("h3"), .. ScriptedServer.Protocols("h3"), .. Parameters], TlsAlert.IllegalParameter },
        { [.. ScriptedServer.Protocols("h3"), .. Parameters, .. Parameters], TlsAlert.IllegalParameter },
        { [.. ScriptedServer.Protocols("h3"), .. Parameters, .. ScriptedServer.Extension(ExtensionType.EarlyData)], TlsAlert.UnsupportedExtension },
        { [.. ScriptedServer.Protocols("h3"), .. Parameters, .. ScriptedServer.Extension((ExtensionType)0x5A5A)], TlsAlert.UnsupportedExtension },
        { [.. ScriptedServer.Protocols("h3"), .. Parameters, .. ScriptedServer.Extension(ExtensionType.KeyShare, [0, 0x1D])], TlsAlert.IllegalParameter },
        { [.. ScriptedServer.Protocols("h3"), .. Parameters, .. ScriptedServer.Extension(ExtensionType.ServerName, [0])], TlsAlert.DecodeError },
        { [.. ScriptedServer.Protocols("h3"), .. Parameters, 0], TlsAlert.DecodeError },
    };

    [Theory]
    [Trait("rfc", "8446 §4.2, §4.3.1")]
    [MemberData(nameof(WrongParameters))]
    public void Wrong_parameters_are_refused(byte[] extensions, TlsAlert alert) => ExpectFlight(alert, client => new ScriptedServer(client) { Extensions = extensions });

    [Fact]
    [Trait("rfc", "8446 §4.2.7")]
    public void Groups_of_the_server_and_an_acknowledged_name_are_welcome() => ExpectFlight(
        null,
        client => new ScriptedServer(client)
        {
            Extensions =
            [
                .. ScriptedServer.Extension(ExtensionType.SupportedGroups, [0, 2, 0, 0x17]), .. ScriptedServer.Extension(ExtensionType.ServerName),
                .. ScriptedServer.Extension(ExtensionType.EncryptedClientHello, [1, 2, 3]), .. ScriptedServer.Protocols("h3"), .. Parameters,
            ],
        });

    [Fact]
    [Trait("rfc", "draft-vvv-tls-alps §4")]
    public void A_server_that_sends_settings_gets_empty_ones()
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client)
        {
            Extensions = [.. ScriptedServer.Protocols("h3"), .. Parameters, .. ScriptedServer.Extension(ExtensionType.ApplicationSettings, [4, 0])],
        };
        Assert.True(server.SendServerHello());
        Assert.True(server.SendFlight());
        Assert.True(client.IsComplete);
        Assert.Equal(
            ScriptedServer.Message(HandshakeType.EncryptedExtensions, ScriptedServer.Prefixed16(ScriptedServer.Extension(ExtensionType.ApplicationSettings))),
            server.TakeClientFlight());
    }

    [Fact]
    [Trait("rfc", "8879 §4")]
    public void A_chain_may_come_compressed()
    {
        byte[] chain = ScriptedServer.Chain(TestCertificates.EcdsaP256.Leaf.RawData, TestCertificates.Intermediate.RawData)[4..];
        byte[] buffer = new byte[4096];
        Assert.True(BrotliEncoder.TryCompress(chain, buffer, out int length));
        byte[] brotli = buffer[..length];

        ExpectFlight(null, client => new ScriptedServer(client) { CertificateMessage = Compressed(2, chain.Length, brotli) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = Compressed(2, chain.Length - 1, brotli) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = Compressed(2, chain.Length + 1, brotli) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = Compressed(2, chain.Length, brotli[..^1]) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = Compressed(2, HandshakeLimits.MaxCertificate + 1, brotli) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = Compressed(2, 9, [1, 2, 3]) });
        ExpectFlight(TlsAlert.IllegalParameter, client => new ScriptedServer(client) { CertificateMessage = Compressed(1, chain.Length, brotli) });

        using var plain = new ClientHandshake(HandshakePair.ClientOptions() with { Shape = ClientHelloShape.Plain }, [1]);
        using var server = new ScriptedServer(plain) { CertificateMessage = Compressed(2, chain.Length, brotli) };
        Assert.True(server.SendServerHello());
        Assert.False(server.SendFlight());
        Assert.Equal(TlsAlert.UnexpectedMessage, plain.Alert); // it was not offered

        static byte[] Compressed(int algorithm, int length, byte[] bytes) => ScriptedServer.Message(
            HandshakeType.CompressedCertificate, [.. ScriptedServer.UInt16(algorithm), (byte)(length >> 16), .. ScriptedServer.UInt16(length & 0xFFFF), .. ScriptedServer.Prefixed24(bytes)]);
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.2")]
    public void A_client_without_certificate_says_so()
    {
        byte[] request = ScriptedServer.Message(HandshakeType.CertificateRequest, [0, .. ScriptedServer.Prefixed16(ScriptedServer.Extension(ExtensionType.SignatureAlgorithms, [0, 2, 4, 3]))]);
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using var server = new ScriptedServer(client) { BeforeCertificate = request };
        Assert.True(server.SendServerHello());
        Assert.True(server.SendFlight());
        Assert.True(client.IsComplete);
        Assert.Equal(ScriptedServer.Message(HandshakeType.Certificate, [0, 0, 0, 0]), server.TakeClientFlight());
    }

    [Theory]
    [Trait("rfc", "8446 §4.3.2")]
    [InlineData(new byte[] { 1, 9, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3 }, TlsAlert.IllegalParameter)] // a context
    [InlineData(new byte[] { 0, 0, 4, 0x5A, 0x5A, 0, 0 }, TlsAlert.MissingExtension)] // no signature_algorithms
    [InlineData(new byte[] { 0, 0, 0 }, TlsAlert.DecodeError)]
    public void A_wrong_certificate_request_is_refused(byte[] body, TlsAlert alert) =>
        ExpectFlight(alert, client => new ScriptedServer(client) { BeforeCertificate = ScriptedServer.Message(HandshakeType.CertificateRequest, body) });

    [Fact]
    [Trait("rfc", "8446 §4.4.2.4")]
    public void An_empty_chain_is_a_decode_error() => ExpectFlight(TlsAlert.DecodeError, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain() });

    [Fact]
    public void A_chain_too_long_is_refused()
    {
        byte[] leaf = TestCertificates.EcdsaP256.Leaf.RawData;
        byte[] authority = TestCertificates.Intermediate.RawData;
        ExpectFlight(null, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain([leaf, .. Enumerable.Repeat(authority, HandshakeLimits.MaxCertificateChain - 1)]) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain([leaf, .. Enumerable.Repeat(authority, HandshakeLimits.MaxCertificateChain)]) });
    }

    [Fact]
    public void A_chain_with_too_many_bytes_is_refused_by_its_header()
    {
        const int length = HandshakeLimits.MaxCertificate + 1;
        ExpectFlight(TlsAlert.IllegalParameter, client => new ScriptedServer(client) { CertificateMessage = [11, length >> 16, (length >> 8) & 0xFF, length & 0xFF] });
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.2")]
    public void Certificates_that_are_none_are_refused()
    {
        byte[] leaf = TestCertificates.EcdsaP256.Leaf.RawData;
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain([1, 2, 3]) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain([0x30, 0x03, 1, 2, 3]) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain(leaf, [0x30, 0x00]) });
        ExpectFlight(TlsAlert.BadCertificate, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain(System.Text.Encoding.ASCII.GetBytes(TestCertificates.EcdsaP256.Leaf.ExportCertificatePem())) });
        ExpectFlight(TlsAlert.IllegalParameter, client => new ScriptedServer(client) { CertificateMessage = ScriptedServer.Message(HandshakeType.Certificate, [1, 7, 0, 0, 0]) });
        ExpectFlight(TlsAlert.UnsupportedExtension, client => new ScriptedServer(client)
        {
            CertificateMessage = ScriptedServer.Message(HandshakeType.Certificate, [0, .. ScriptedServer.Prefixed24([.. ScriptedServer.Prefixed24(leaf), 0, 4, 0, 5, 0, 0])]),
        });
    }

    [Fact]
    [Trait("rfc", "8446 §4.6.1")]
    public void Tickets_are_taken_and_dropped_however_they_are_cut()
    {
        using HandshakePair pair = new HandshakePair().Run();
        foreach (byte octet in (byte[])[.. Rfc8448Section3.NewSessionTicket, .. Rfc8448Section3.NewSessionTicket])
            Assert.True(pair.Client.Receive(EncryptionLevel.Application, [octet]));
        Assert.True(pair.Client.IsComplete);
        Assert.False(pair.Client.TryTakeOutput(out _, out _));
        Assert.False(pair.Client.Receive(EncryptionLevel.Application, ScriptedServer.Message(HandshakeType.NewSessionTicket, Rfc8448Section3.NewSessionTicket.AsSpan(4, 100))));
        Assert.Equal(TlsAlert.DecodeError, pair.Client.Alert);
        Assert.False(pair.Client.IsComplete);
    }

    [Theory]
    [Trait("rfc", "9001 §4.4, §6")]
    [InlineData(HandshakeType.KeyUpdate)]
    [InlineData(HandshakeType.CertificateRequest)]
    [InlineData(HandshakeType.Finished)]
    public void After_the_handshake_nothing_else_is_expected(HandshakeType type)
    {
        using HandshakePair pair = new HandshakePair().Run();
        Assert.False(pair.Client.Receive(EncryptionLevel.Application, ScriptedServer.Message(type, [0])));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Client.Alert);
        Assert.False(pair.Server.Receive(EncryptionLevel.Application, ScriptedServer.Message(type, [0])));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.Alert);
    }

    [Fact]
    [Trait("rfc", "9001 §4.1.3")]
    public void A_level_that_is_over_stays_over()
    {
        using HandshakePair pair = new HandshakePair().Run();
        Assert.True(pair.Client.Receive(EncryptionLevel.Handshake, []));
        Assert.False(pair.Client.Receive(EncryptionLevel.Handshake, [0]));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Client.Alert);
    }

    private static void ExpectFlight(TlsAlert? alert, Func<ClientHandshake, ScriptedServer> script)
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        using ScriptedServer server = script(client);
        Assert.True(server.SendServerHello());
        Assert.Equal(alert is null, server.SendFlight());
        Assert.Equal(alert, client.Alert);
        Assert.Equal(alert is null, client.IsComplete);
    }
}
