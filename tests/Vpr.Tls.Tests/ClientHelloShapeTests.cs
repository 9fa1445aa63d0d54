using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class ClientHelloShapeTests
{
    [Fact]
    public void Chrome_names_what_Chrome_names()
    {
        byte[] message = Hello(ClientHelloShape.Chrome, 1);
        Assert.Equal([0x13, 0x01, 0x13, 0x02, 0x13, 0x03], CipherSuites(message));
        Dictionary<ExtensionType, byte[]> extensions = Extensions(message);
        Assert.Equal(ClientHelloShape.Chrome.Extensions.Order(), extensions.Keys.Order());
        Assert.Equal([0, 8, 0x11, 0xEC, 0, 0x1D, 0, 0x17, 0, 0x18], extensions[ExtensionType.SupportedGroups]);
        Assert.Equal([0, 18, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1, 2, 1], extensions[ExtensionType.SignatureAlgorithms]);
        Assert.Equal([2, 3, 4], extensions[ExtensionType.SupportedVersions]);
        Assert.Equal([1, 1], extensions[ExtensionType.PskKeyExchangeModes]);
        Assert.Equal([0, 3, 2, (byte)'h', (byte)'3'], extensions[ExtensionType.ApplicationLayerProtocolNegotiation]);
        Assert.Equal([0, 18, 0, 0, 15, .. "www.example.org"u8], extensions[ExtensionType.ServerName]);
        Assert.Equal(2 + 4 + 1184 + 32 + 4 + 32, extensions[ExtensionType.KeyShare].Length);
        Assert.Equal([2, 0, 2], extensions[ExtensionType.CompressCertificate]);
        Assert.Equal([0, 3, 2, (byte)'h', (byte)'3'], extensions[ExtensionType.ApplicationSettings]);
        Assert.Equal([0, 0, 1, 0, 1], extensions[ExtensionType.EncryptedClientHello][..5]);
        Assert.Contains(extensions[ExtensionType.EncryptedClientHello].Length - 42, new[] { 144, 176, 208, 240 });
    }

    [Fact]
    public void Chrome_draws_the_order_anew_each_time()
    {
        var orders = new HashSet<string>();
        for (ulong seed = 0; seed < 20; seed++) orders.Add(string.Join(' ', Extensions(Hello(ClientHelloShape.Chrome, seed)).Keys));
        Assert.True(orders.Count > 15, $"{orders.Count} orders of 20");
    }

    [Fact]
    [Trait("rfc", "8701 §3.1")]
    public void Grease_stands_where_it_may()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            byte[] message = Hello(ClientHelloShape.Plain, seed);
            Assert.True(Grease.IsReserved(Pair(CipherSuites(message), 0)));
            Dictionary<ExtensionType, byte[]> extensions = Extensions(message); // throws when the first and the last are the same
            Assert.True(Grease.IsReserved((ushort)extensions.Keys.First()));
            Assert.True(Grease.IsReserved((ushort)extensions.Keys.Last()));
            ushort group = Pair(extensions[ExtensionType.SupportedGroups], 2);
            Assert.True(Grease.IsReserved(group));
            Assert.Equal(group, Pair(extensions[ExtensionType.KeyShare], 2));
            Assert.True(Grease.IsReserved(Pair(extensions[ExtensionType.SupportedVersions], 1)));
            Assert.Equal(ClientHelloShape.Plain.Extensions, extensions.Keys.Skip(1).SkipLast(1));
        }
    }

    [Fact]
    [Trait("rfc", "6066 §3")]
    public void An_address_is_not_sent()
    {
        foreach (string address in new[] { "192.0.2.1", "2001:db8::1" })
        {
            using var client = new ClientHandshake(HandshakePair.ClientOptions() with { ServerName = address }, [1]);
            Assert.True(client.TryTakeOutput(out _, out ReadOnlySpan<byte> hello));
            Assert.DoesNotContain(ExtensionType.ServerName, Extensions(hello.ToArray()).Keys);
        }
    }

    [Fact]
    [Trait("rfc", "9001 §8.4")]
    public void There_is_no_session_id()
    {
        Assert.True(ClientHello.TryParse(Hello(ClientHelloShape.Chrome, 1), out ClientHello hello, out _));
        Assert.True(hello.LegacySessionId.IsEmpty);
    }

    [Fact]
    public void A_shape_that_cannot_work_is_misuse()
    {
        ClientHelloShape chrome = ClientHelloShape.Chrome;
        Refuse(chrome with { CipherSuites = [] });
        Refuse(chrome with { CipherSuites = [(CipherSuite)0x1304] });
        Refuse(chrome with { Groups = [NamedGroup.Secp384r1], KeyShares = [] });
        Refuse(chrome with { KeyShares = [NamedGroup.Secp384r1] });
        Refuse(chrome with { KeyShares = [NamedGroup.X25519, NamedGroup.X25519MLKEM768] });
        Refuse(chrome with { Groups = [NamedGroup.X25519], KeyShares = [NamedGroup.Secp256r1] });
        Refuse(chrome with { SignatureSchemes = [] });
        Refuse(chrome with { Extensions = [.. chrome.Extensions, ExtensionType.KeyShare] });
        Refuse(chrome with { Extensions = [.. chrome.Extensions, ExtensionType.Cookie] });
        Refuse(chrome with { Extensions = [.. chrome.Extensions.Where(type => type != ExtensionType.KeyShare)] });
    }

    [Fact]
    public void Options_that_cannot_work_are_misuse()
    {
        ClientHandshakeOptions good = HandshakePair.ClientOptions();
        foreach (string name in new[] { "", "a b", "-", "ex ample.org", "münchen.example", "www.example.org.", "[::1" })
            Assert.Throws<ArgumentException>(() => new ClientHandshake(good with { ServerName = name }, []));
        Assert.Throws<ArgumentException>(() => new ClientHandshake(good with { ApplicationProtocols = [] }, []));
        Assert.Throws<ArgumentException>(() => new ClientHandshake(good with { ApplicationProtocols = [""] }, []));
        Assert.Throws<ArgumentException>(() => new ClientHandshake(good with { ApplicationProtocols = [new string('x', 256)] }, []));
        Assert.Throws<ArgumentException>(() => new ClientHandshake(good, new byte[HandshakeLimits.MaxClientHello]));
        ServerHandshakeOptions server = HandshakePair.ServerOptions();
        Assert.Throws<ArgumentException>(() => new ServerHandshake(server with { Certificates = [] }, []));
        Assert.Throws<ArgumentException>(() => new ServerHandshake(server with { ApplicationProtocols = [] }, []));
        Assert.Throws<ArgumentException>(() => new ServerHandshake(server with { Groups = [NamedGroup.Secp384r1] }, []));
        Assert.Throws<ArgumentException>(() => new ServerHandshake(server with { CipherSuites = [] }, []));
        Assert.Throws<ArgumentException>(() => ServerTrust.PinnedKey(new byte[31]));
    }

    private static void Refuse(ClientHelloShape shape) =>
        Assert.Throws<ArgumentException>(() => new ClientHandshake(HandshakePair.ClientOptions() with { Shape = shape }, [1]));

    private static byte[] Hello(ClientHelloShape shape, ulong seed)
    {
        using var client = new ClientHandshake(HandshakePair.ClientOptions(seed) with { Shape = shape }, [1, 2, 3]);
        Assert.True(client.TryTakeOutput(out _, out ReadOnlySpan<byte> hello));
        return hello.ToArray();
    }

    private static byte[] CipherSuites(byte[] message)
    {
        Assert.True(ClientHello.TryParse(message, out ClientHello hello, out _));
        return hello.CipherSuites.Encoded.ToArray();
    }

    private static Dictionary<ExtensionType, byte[]> Extensions(byte[] message)
    {
        Assert.True(ClientHello.TryParse(message, out ClientHello hello, out _));
        var result = new Dictionary<ExtensionType, byte[]>();
        var reader = new WireReader(hello.Extensions);
        while (!reader.IsAtEnd)
        {
            Assert.True(reader.TryReadUInt16(out ushort type));
            Assert.True(reader.TryReadPrefixed(Prefix.UInt16, out ReadOnlySpan<byte> body));
            result.Add((ExtensionType)type, body.ToArray());
        }

        return result;
    }

    private static ushort Pair(byte[] bytes, int at) => (ushort)(bytes[at] << 8 | bytes[at + 1]);
}
