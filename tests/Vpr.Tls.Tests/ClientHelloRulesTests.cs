using Vpr.Testing;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class ClientHelloRulesTests
{
    [Fact]
    public void A_plain_hello_is_answered() => Expect(null, new ScriptedHello());

    [Fact]
    [Trait("rfc", "8701 §3.1")]
    public void Unknown_and_reserved_values_are_passed_over() => Expect(
        null,
        new ScriptedHello
        {
            CipherSuites = [0x3A, 0x3A, 0xC0, 0x2F, 0x13, 0x01],
            Extensions =
            {
                [ExtensionType.SupportedVersions] = [6, 0x7A, 0x7A, 3, 4, 3, 3],
                [ExtensionType.SupportedGroups] = [0, 6, 0x9A, 0x9A, 0, 0x1D, 0x12, 0x34],
                [ExtensionType.KeyShare] = ScriptedServer.Prefixed16([0x9A, 0x9A, 0, 1, 0, 0, 0x1D, 0, 32, .. ScriptedHello.X25519Share]),
                [ExtensionType.SignatureAlgorithms] = [0, 4, 0x1A, 0x1A, 4, 3],
                [(ExtensionType)0x5A5A] = [],
                [(ExtensionType)0xEAEA] = [0],
            },
        });

    [Fact]
    [Trait("rfc", "8446 §4.2.1")]
    public void Without_tls13_it_is_another_version()
    {
        Expect(TlsAlert.ProtocolVersion, new ScriptedHello { Extensions = { [ExtensionType.SupportedVersions] = [2, 3, 3] } });
        var old = new ScriptedHello();
        old.Extensions.Remove(ExtensionType.SupportedVersions);
        Expect(TlsAlert.ProtocolVersion, old);
    }

    [Theory]
    [Trait("rfc", "8446 §9.2")]
    [InlineData(ExtensionType.SupportedGroups, TlsAlert.MissingExtension)]
    [InlineData(ExtensionType.KeyShare, TlsAlert.MissingExtension)]
    [InlineData(ExtensionType.SignatureAlgorithms, TlsAlert.MissingExtension)]
    [InlineData(ExtensionType.QuicTransportParameters, TlsAlert.MissingExtension)]
    [InlineData(ExtensionType.ApplicationLayerProtocolNegotiation, TlsAlert.NoApplicationProtocol)]
    public void An_indispensable_extension_is_missed(ExtensionType type, TlsAlert alert)
    {
        var hello = new ScriptedHello();
        hello.Extensions.Remove(type);
        Expect(alert, hello);
    }

    [Theory]
    [Trait("rfc", "8446 §4.2")]
    [InlineData(ExtensionType.SupportedVersions)]
    [InlineData(ExtensionType.SupportedGroups)]
    [InlineData(ExtensionType.KeyShare)]
    [InlineData(ExtensionType.SignatureAlgorithms)]
    [InlineData(ExtensionType.ApplicationLayerProtocolNegotiation)]
    [InlineData(ExtensionType.QuicTransportParameters)]
    public void No_extension_comes_twice(ExtensionType type) =>
        Expect(TlsAlert.IllegalParameter, new ScriptedHello { MoreExtensions = ScriptedServer.Extension(type, new ScriptedHello().Extensions[type]) });

    [Fact]
    [Trait("rfc", "9001 §8.4")]
    public void A_session_id_is_refused() => Expect(TlsAlert.IllegalParameter, new ScriptedHello { SessionId = new byte[32] });

    [Theory]
    [Trait("rfc", "8446 §4.1.2")]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 1, 0 })]
    public void Compression_is_refused(byte[] methods) => Expect(TlsAlert.IllegalParameter, new ScriptedHello { CompressionMethods = methods });

    [Fact]
    [Trait("rfc", "8446 §4.1.2")]
    public void The_old_version_field_stands_still() => Expect(TlsAlert.IllegalParameter, new ScriptedHello { LegacyVersion = [3, 4] });

    [Fact]
    [Trait("rfc", "8446 §4.2.2")]
    public void A_cookie_that_nobody_gave_is_refused() =>
        Expect(TlsAlert.IllegalParameter, new ScriptedHello { Extensions = { [ExtensionType.Cookie] = [0, 1, 7] } });

    [Fact]
    [Trait("rfc", "8446 §4.2.11")]
    public void Pre_shared_keys_are_passed_over_but_must_come_last()
    {
        byte[] keys = [.. ScriptedServer.Prefixed16([0, 1, 9, 0, 0, 0, 0]), .. ScriptedServer.Prefixed16([32, .. new byte[32]])];
        var last = new ScriptedHello { Extensions = { [ExtensionType.PskKeyExchangeModes] = [1, 1], [ExtensionType.EarlyData] = [], [ExtensionType.PreSharedKey] = keys } };
        Expect(null, last);
        Expect(TlsAlert.IllegalParameter, new ScriptedHello { Extensions = { [ExtensionType.PreSharedKey] = keys, [ExtensionType.PskKeyExchangeModes] = [1, 1] } });
        Expect(TlsAlert.IllegalParameter, new ScriptedHello { Extensions = { [ExtensionType.PskKeyExchangeModes] = [1, 1], [ExtensionType.PreSharedKey] = keys, [(ExtensionType)0x5A5A] = [] } });
        Expect(TlsAlert.MissingExtension, new ScriptedHello { Extensions = { [ExtensionType.PreSharedKey] = keys } });
    }

    [Fact]
    [Trait("rfc", "6066 §3")]
    public void One_host_name_at_most()
    {
        byte[] name = [0, .. ScriptedServer.Prefixed16("www.example.org"u8)];
        Expect(null, new ScriptedHello { Extensions = { [ExtensionType.ServerName] = ScriptedServer.Prefixed16(name) } });
        Expect(TlsAlert.IllegalParameter, new ScriptedHello { Extensions = { [ExtensionType.ServerName] = ScriptedServer.Prefixed16([.. name, .. name]) } });
        Expect(null, new ScriptedHello { Extensions = { [ExtensionType.ServerName] = ScriptedServer.Prefixed16([0, 0, 1, 0xFF]) } });
    }

    [Theory]
    [Trait("rfc", "8446 §4.2.8")]
    [InlineData(NamedGroup.X25519, 31)]
    [InlineData(NamedGroup.X25519, 33)]
    [InlineData(NamedGroup.X25519, 32)] // all zero: a point of small order
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 65)] // all zero: no point
    [InlineData(NamedGroup.X25519MLKEM768, 1215)]
    [InlineData(NamedGroup.X25519MLKEM768, 1216)] // X25519 half all zero
    [InlineData(NamedGroup.X25519MLKEM768, 32)]
    public void A_share_that_is_none_is_refused(NamedGroup group, int length) => Expect(TlsAlert.IllegalParameter, WithShare(group, new byte[length]));

    [Fact]
    [Trait("rfc", "8446 §4.2.8.2")]
    public void A_point_off_the_curve_is_refused() =>
        Expect(TlsAlert.IllegalParameter, WithShare(NamedGroup.Secp256r1, [4, .. Enumerable.Repeat((byte)1, 64)]));

    [Fact]
    [Trait("rfc", "draft-ietf-tls-ecdhe-mlkem §4.1")]
    public void An_encapsulation_key_above_the_modulus_is_refused() =>
        Expect(TlsAlert.IllegalParameter, WithShare(NamedGroup.X25519MLKEM768, [.. Enumerable.Repeat((byte)0xFF, 1184), .. ScriptedHello.X25519Share]));

    [Fact]
    public void Two_shares_of_a_group_are_refused()
    {
        byte[] entry = [0, 0x1D, 0, 32, .. ScriptedHello.X25519Share];
        Expect(TlsAlert.IllegalParameter, new ScriptedHello { Extensions = { [ExtensionType.KeyShare] = ScriptedServer.Prefixed16([.. entry, .. entry]) } });
    }

    [Fact]
    [Trait("rfc", "8446 §6.2")]
    public void What_cannot_be_decoded_is_a_decode_error()
    {
        byte[] message = new ScriptedHello().ToMessage();
        Expect(TlsAlert.DecodeError, ScriptedServer.Message(HandshakeType.ClientHello, [.. message.AsSpan(4), 0]));
        Expect(TlsAlert.DecodeError, ScriptedServer.Message(HandshakeType.ClientHello, message.AsSpan(4, message.Length - 5)));
        Expect(TlsAlert.DecodeError, ScriptedServer.Message(HandshakeType.ClientHello));
        Expect(TlsAlert.DecodeError, new ScriptedHello { MoreExtensions = [0] });
        Expect(TlsAlert.DecodeError, new ScriptedHello { CipherSuites = [0x13, 0x01, 0x13] });
        Expect(TlsAlert.DecodeError, new ScriptedHello { Extensions = { [ExtensionType.KeyShare] = [0, 5, 0, 0x1D, 0, 32, 1] } });
    }

    [Fact]
    public void Every_truncation_of_a_hello_is_a_decode_error()
    {
        byte[] body = new ScriptedHello().ToMessage()[4..];
        for (int length = 0; length < body.Length; length++)
            Expect(TlsAlert.DecodeError, ScriptedServer.Message(HandshakeType.ClientHello, body.AsSpan(0, length)));
    }

    [Fact]
    public void Other_messages_are_unexpected()
    {
        foreach (HandshakeType type in new[] { HandshakeType.ServerHello, HandshakeType.Finished, HandshakeType.KeyUpdate, (HandshakeType)0, (HandshakeType)5, (HandshakeType)255 })
            Expect(TlsAlert.UnexpectedMessage, ScriptedServer.Message(type, new byte[8]));
    }

    [Fact]
    [Trait("rfc", "9001 §4.1.3")]
    public void Nothing_may_follow_the_hello_at_its_level()
    {
        using var server = new ServerHandshake(HandshakePair.ServerOptions(), [1]);
        Assert.False(server.Receive(EncryptionLevel.Initial, [.. new ScriptedHello().ToMessage(), 1]));
        Assert.Equal(TlsAlert.UnexpectedMessage, server.Alert);
    }

    [Theory]
    [InlineData(EncryptionLevel.EarlyData)]
    [InlineData(EncryptionLevel.Handshake)]
    [InlineData(EncryptionLevel.Application)]
    [Trait("rfc", "9001 §4.1.3")]
    public void A_hello_at_another_level_is_unexpected(EncryptionLevel level)
    {
        using var server = new ServerHandshake(HandshakePair.ServerOptions(), [1]);
        Assert.False(server.Receive(level, new ScriptedHello().ToMessage()));
        Assert.Equal(TlsAlert.UnexpectedMessage, server.Alert);
    }

    [Fact]
    public void A_hello_too_long_is_refused_by_its_header_and_costs_no_memory()
    {
        const int length = HandshakeLimits.MaxClientHello + 1;
        Expect(TlsAlert.IllegalParameter, (byte[])[1, 0, length >> 8, length & 0xFF]);

        byte[] header = [1, 0, HandshakeLimits.MaxClientHello >> 8, HandshakeLimits.MaxClientHello & 0xFF];
        Allocations.AssertNone(
            () => new ServerHandshake(HandshakePair.ServerOptions(), [1]),
            server => Assert.True(server.Receive(EncryptionLevel.Initial, header)));
    }

    [Fact]
    public void A_failed_handshake_stays_failed()
    {
        using var server = new ServerHandshake(HandshakePair.ServerOptions(), [1]);
        Assert.False(server.Receive(EncryptionLevel.Initial, ScriptedServer.Message(HandshakeType.Finished)));
        Assert.False(server.Receive(EncryptionLevel.Initial, new ScriptedHello().ToMessage()));
        Assert.Equal(TlsAlert.UnexpectedMessage, server.Alert);
        Assert.False(server.TryTakeOutput(out _, out _));
        Assert.False(server.TryTakeSecret(out _));
    }

    private static ScriptedHello WithShare(NamedGroup group, byte[] share) => new()
    {
        Extensions =
        {
            [ExtensionType.SupportedGroups] = ScriptedServer.Prefixed16(ScriptedServer.UInt16((ushort)group)),
            [ExtensionType.KeyShare] = ScriptedServer.Prefixed16([.. ScriptedServer.UInt16((ushort)group), .. ScriptedServer.Prefixed16(share)]),
        },
    };

    private static void Expect(TlsAlert? alert, ScriptedHello hello) => Expect(alert, hello.ToMessage());

    private static void Expect(TlsAlert? alert, byte[] message)
    {
        using var server = new ServerHandshake(HandshakePair.ServerOptions(), [1]);
        Assert.Equal(alert is null, server.Receive(EncryptionLevel.Initial, message));
        Assert.Equal(alert, server.Alert);
        Assert.Equal(alert is null, server.TryTakeOutput(out _, out _));
    }
}
