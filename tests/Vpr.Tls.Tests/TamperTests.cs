using System.Security.Cryptography.X509Certificates;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class TamperTests
{
    private static readonly X509Certificate2 Certificate = TestCertificates.CreateSelfSigned([TestCertificates.Name]);

    // Without a chain to build, a handshake is cheap enough to spoil every byte of it. Made anew each time, so that its bytes repeat.
    private static ClientHandshakeOptions Pinned => HandshakePair.ClientOptions() with
    {
        Trust = ServerTrust.PinnedKey(ServerTrust.PinOf(Certificate)),
        Shape = ClientHelloShape.Plain with { KeyShares = [NamedGroup.X25519] },
    };

    private static readonly ServerHandshakeOptions Server = HandshakePair.ServerOptions(new ServerCertificate(Certificate));

    [Theory]
    [InlineData(true, EncryptionLevel.Initial, 0x01)]
    [InlineData(true, EncryptionLevel.Initial, 0xFF)]
    [InlineData(false, EncryptionLevel.Initial, 0x01)]
    [InlineData(false, EncryptionLevel.Initial, 0xFF)]
    [InlineData(false, EncryptionLevel.Handshake, 0x01)]
    [InlineData(false, EncryptionLevel.Handshake, 0xFF)]
    [InlineData(true, EncryptionLevel.Handshake, 0x01)]
    public void No_byte_can_be_changed(bool fromClient, EncryptionLevel level, byte mask)
    {
        int length = LengthOf(() => Pinned, fromClient, level);
        Assert.True(length > 30);
        // An ECDSA signature is some bytes longer or shorter each time.
        for (int i = 0; i < length; i++) AssertFails(() => Pinned, fromClient, level, bytes => bytes[i % bytes.Length] ^= mask, i);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_byte_of_a_hybrid_hello_can_be_changed(bool fromClient)
    {
        Func<ClientHandshakeOptions> options = () => Pinned with { Shape = ClientHelloShape.Chrome };
        int length = LengthOf(options, fromClient, EncryptionLevel.Initial);
        Assert.True(length > 1000);
        for (int i = 0; i < length; i += 7) AssertFails(options, fromClient, EncryptionLevel.Initial, bytes => bytes[i] ^= 0x80, i);
    }

    [Fact]
    public void No_byte_of_a_retry_can_be_changed()
    {
        ServerHandshakeOptions server = Server with { Groups = [NamedGroup.Secp256r1] };
        for (int i = 0; i < 60; i++)
        {
            bool changed = false;
            using var pair = new HandshakePair(Pinned, server)
            {
                OnDeliver = (client, _, bytes) =>
                {
                    if (client || changed || i >= bytes.Length) return bytes;
                    changed = true;
                    bytes[i] ^= 1;
                    return bytes;
                },
            };
            pair.Run();
            Assert.True(changed || pair.IsComplete);
            Assert.False(changed && (pair.Client.IsComplete || pair.Server.IsComplete), $"byte {i}");
        }
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.4")]
    public void A_wrong_Finished_is_a_decrypt_error()
    {
        using HandshakePair fromServer = Spoil(false, EncryptionLevel.Handshake, bytes => bytes[^1] ^= 1);
        Assert.Equal(TlsAlert.DecryptError, fromServer.Client.Alert);
        Assert.Equal(CertificateFailure.None, fromServer.Client.CertificateFailure);
        using HandshakePair fromClient = Spoil(true, EncryptionLevel.Handshake, bytes => bytes[^1] ^= 1);
        Assert.Equal(TlsAlert.DecryptError, fromClient.Server.Alert);
        Assert.False(fromClient.Server.IsComplete);
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.3")]
    public void A_wrong_CertificateVerify_is_a_bad_signature()
    {
        using HandshakePair pair = Spoil(false, EncryptionLevel.Handshake, bytes => bytes[^40] ^= 1); // the last bytes of the signature's s
        Assert.Equal(TlsAlert.DecryptError, pair.Client.Alert);
        Assert.Equal(CertificateFailure.BadSignature, pair.Client.CertificateFailure);
    }

    [Fact]
    public void A_certificate_that_its_issuer_did_not_sign_is_a_bad_signature()
    {
        X509Certificate2 leaf = TestCertificates.EcdsaP256.Leaf;
        using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
        byte[] forged = leaf.RawData;
        forged[^5] ^= 1;
        using var server = new ScriptedServer(client) { CertificateMessage = ScriptedServer.Chain(forged, TestCertificates.Intermediate.RawData) };
        Assert.True(server.SendServerHello());
        Assert.False(server.SendFlight());
        Assert.Equal(CertificateFailure.BadSignature, client.CertificateFailure);
        Assert.Equal(TlsAlert.BadCertificate, client.Alert);
    }

    [Fact]
    public void No_byte_of_a_certificate_makes_the_platform_throw()
    {
        byte[] leaf = TestCertificates.Rsa.Leaf.RawData;
        for (int i = 0; i < leaf.Length; i += 3)
        {
            byte[] spoilt = [.. leaf];
            spoilt[i] ^= (byte)(1 << (i / 3 % 8));
            using var client = new ClientHandshake(HandshakePair.ClientOptions(), [1]);
            using var server = new ScriptedServer(client, TestCertificates.EcdsaP256) { CertificateMessage = ScriptedServer.Chain(spoilt, TestCertificates.Intermediate.RawData) };
            Assert.True(server.SendServerHello());
            Assert.False(server.SendFlight());
            Assert.False(client.IsComplete);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_damage_never_throws_and_never_completes(int seed)
    {
        for (int round = 0; round < 300; round++)
        {
            var random = new Random(seed * 1_000_003 + round);
            bool damaged = false;
            using var pair = new HandshakePair(Pinned, Server)
            {
                FragmentLength = random.Next(1, 2000),
                OnDeliver = (_, _, bytes) =>
                {
                    if (random.Next(2) == 0) return bytes;
                    byte[] result = Damage(bytes, random);
                    damaged |= !result.AsSpan().SequenceEqual(bytes);
                    return result;
                },
            };
            pair.Run();
            if (damaged) Assert.False(pair.IsComplete, $"seed {seed}, round {round}");
        }
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        byte[] result = [.. bytes];
        int at = random.Next(result.Length);
        return random.Next(5) switch
        {
            0 => result[..at],
            1 => [.. result[..at], (byte)random.Next(256), .. result[at..]],
            2 => [.. result[..at], .. result[Math.Min(at + random.Next(1, 9), result.Length)..]],
            3 => [.. result, .. result[at..]],
            _ => Flip(result, at, (byte)random.Next(1, 256)),
        };
    }

    private static byte[] Flip(byte[] bytes, int at, byte mask)
    {
        bytes[at] ^= mask;
        return bytes;
    }

    private static HandshakePair Spoil(bool fromClient, EncryptionLevel level, Action<byte[]> change) => new HandshakePair(Pinned, Server)
    {
        OnDeliver = (client, at, bytes) =>
        {
            if (client == fromClient && at == level) change(bytes);
            return bytes;
        },
    }.Run();

    private static void AssertFails(Func<ClientHandshakeOptions> options, bool fromClient, EncryptionLevel level, Action<byte[]> change, int index)
    {
        using HandshakePair pair = new HandshakePair(options(), Server)
        {
            OnDeliver = (client, at, bytes) =>
            {
                if (client == fromClient && at == level) change(bytes);
                return bytes;
            },
        }.Run();
        // The end that sent the changed bytes last may believe it is done; the other must not.
        Assert.False(fromClient ? pair.Server.IsComplete : pair.Client.IsComplete, $"byte {index}");
        Assert.False(pair.IsComplete);
    }

    private static int LengthOf(Func<ClientHandshakeOptions> options, bool fromClient, EncryptionLevel level)
    {
        int length = 0;
        using HandshakePair pair = new HandshakePair(options(), Server)
        {
            OnDeliver = (client, at, bytes) =>
            {
                if (client == fromClient && at == level) length = bytes.Length;
                return bytes;
            },
        }.Run();
        Assert.True(pair.IsComplete);
        return length;
    }
}
