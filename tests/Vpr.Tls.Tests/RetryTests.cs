using Vpr.Testing;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class RetryTests
{
    [Theory]
    [Trait("rfc", "8446 §4.1.4, §4.4.1")]
    [InlineData(NamedGroup.X25519, NamedGroup.X25519MLKEM768, 1)]
    [InlineData(NamedGroup.X25519, NamedGroup.Secp256r1, int.MaxValue)]
    [InlineData(NamedGroup.X25519MLKEM768, NamedGroup.X25519, 1)]
    [InlineData(NamedGroup.Secp256r1, NamedGroup.X25519, 100)]
    public void A_server_gets_the_group_it_wants(NamedGroup sent, NamedGroup wanted, int fragmentLength)
    {
        foreach (bool grease in new[] { false, true })
        foreach (CipherSuite suite in new[] { CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384 })
        {
            int hellos = 0;
            using var pair = new HandshakePair(
                HandshakePair.ClientOptions() with
                {
                    Shape = ClientHelloShape.Plain with { Groups = [sent, wanted], KeyShares = [sent], CipherSuites = [suite], Grease = grease },
                },
                HandshakePair.ServerOptions() with { Groups = [wanted] })
            {
                FragmentLength = fragmentLength,
                OnDeliver = (fromClient, level, bytes) =>
                {
                    if (fromClient && level == EncryptionLevel.Initial) hellos++;
                    return bytes;
                },
            };
            HandshakeTests.AssertAgreed(pair.Run());
            Assert.Equal(2, hellos);
            Assert.Equal(wanted, pair.Server.KeyExchange);
            Assert.Equal(wanted, pair.Client.KeyExchange);
        }
    }

    [Fact]
    public void No_share_at_all_asks_for_a_retry()
    {
        using HandshakePair pair = new HandshakePair(HandshakePair.ClientOptions() with { Shape = ClientHelloShape.Chrome with { KeyShares = [] } }).Run();
        HandshakeTests.AssertAgreed(pair);
        Assert.Equal(NamedGroup.X25519MLKEM768, pair.Server.KeyExchange);
    }

    [Fact]
    public void A_share_that_was_sent_is_preferred_to_a_retry()
    {
        using HandshakePair pair = new HandshakePair(HandshakePair.ClientOptions() with
        {
            Shape = ClientHelloShape.Chrome with { KeyShares = [NamedGroup.X25519] },
        }).Run();
        HandshakeTests.AssertAgreed(pair);
        Assert.Equal(NamedGroup.X25519, pair.Server.KeyExchange);
    }

    [Fact]
    [Trait("rfc", "8446 §4.1.2")]
    public void The_second_hello_must_hold_the_share_and_be_the_first_otherwise()
    {
        byte[] p256 = [0, 0x17, 0, 65, .. P256Share()];
        byte[] x25519 = [0, 0x1D, 0, 32, .. ScriptedHello.X25519Share];
        Second(null, Hello(p256));
        Second(TlsAlert.IllegalParameter, Hello(x25519));
        Second(TlsAlert.IllegalParameter, Hello([]));
        Second(TlsAlert.IllegalParameter, Hello([.. p256, .. x25519]));
        Second(TlsAlert.IllegalParameter, Hello(p256, suites: [0x13, 0x02]));
        byte[] otherRandom = Hello(p256);
        otherRandom[10] ^= 1;
        Second(TlsAlert.IllegalParameter, otherRandom);
        Second(TlsAlert.UnexpectedMessage, ScriptedServer.Message(HandshakeType.Finished, new byte[32]));
    }

    private static void Second(TlsAlert? alert, byte[] message)
    {
        using var server = new ServerHandshake(HandshakePair.ServerOptions() with { Groups = [NamedGroup.Secp256r1] }, [1]);
        Assert.True(server.Receive(EncryptionLevel.Initial, Hello([0, 0x1D, 0, 32, .. ScriptedHello.X25519Share])));
        Assert.True(server.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> retry));
        Assert.Equal(EncryptionLevel.Initial, level);
        Assert.True(ServerHello.TryParse(retry, out ServerHello hello, out _) && hello.IsHelloRetryRequest);
        Assert.False(server.TryTakeSecret(out _));
        Assert.Equal(alert is null, server.Receive(EncryptionLevel.Initial, message));
        Assert.Equal(alert, server.Alert);
    }

    private static byte[] Hello(byte[] shares, byte[]? suites = null) => new ScriptedHello
    {
        CipherSuites = suites ?? [0x13, 0x01],
        Extensions =
        {
            [ExtensionType.SupportedGroups] = [0, 4, 0, 0x1D, 0, 0x17],
            [ExtensionType.KeyShare] = ScriptedServer.Prefixed16(shares),
        },
    }.ToMessage();

    private static byte[] P256Share()
    {
        using KeyShare share = KeyShare.Create(NamedGroup.Secp256r1, new SeededRandom(3));
        return share.PublicShare.ToArray();
    }
}
