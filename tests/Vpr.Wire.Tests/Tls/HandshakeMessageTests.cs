using Vpr.Wire.Tls;

namespace Vpr.Wire.Tests.Tls;

[Trait("rfc", "8446 §4")]
public class HandshakeMessageTests
{
    private static readonly byte[] ClientHelloOfRfc8448 = Hex.Bytes(
        """
        010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b00
        09000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381d
        e560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e0403050306030203080408050806
        04010501060102010402050206020202002d00020101001c00024001
        """);

    private static readonly byte[] ServerHelloOfRfc8448 = Hex.Bytes(
        """
        020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876
        112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304
        """);

    private static readonly byte[] HelloRetryRequestOfRfc8448 = Hex.Bytes(
        """
        020000ac0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c001301000084003300020017002c00740072
        71dcd04bb88bc3189119398a00000000eefafc76c146b823b096f8aacad365dd0030953f4edf625636e5f21bb2e23fcc654b1b5b40318d10
        d137abcbb87574e36e8a1f025f7dfa5d6e50781b5eda4aa15b0c8be778257d16aa3030e9e7841dd9e4c0342267e8ca0caf571fb2b7cff0f9
        34b0002b00020304
        """);

    [Fact]
    [Trait("rfc", "8448 §3")]
    public void TheClientHelloIsRead()
    {
        ClientHello hello = Samples.Parse<ClientHello>(ClientHelloOfRfc8448);
        Assert.Equal(ProtocolVersion.Tls12, hello.LegacyVersion);
        Assert.Equal(0xCB, hello.Random[0]);
        Assert.True(hello.LegacySessionId.IsEmpty);
        Assert.Equal(
            [CipherSuite.Aes128GcmSha256, CipherSuite.ChaCha20Poly1305Sha256, CipherSuite.Aes256GcmSha384],
            [hello.CipherSuites[0], hello.CipherSuites[1], hello.CipherSuites[2]]);

        var visitor = new ClientHelloReader();
        Assert.Equal(WireStatus.Done, ClientHelloExtension.DispatchAll(hello.Extensions, ref visitor, out int consumed));
        Assert.Equal(hello.Extensions.Length, consumed);
        Assert.Equal("server", visitor.ServerName);
        Assert.Equal([(NamedGroup.X25519, 32)], visitor.KeyShares);
        Assert.Equal([ProtocolVersion.Tls13], visitor.Versions);
        Assert.Equal(15, visitor.SignatureSchemes);
        // renegotiation_info, session_ticket and record_size_limit.
        Assert.Equal([0xFF01UL, 0x23, 0x1C], visitor.Unknown);
    }

    [Fact]
    [Trait("rfc", "8448 §3")]
    public void TheServerHelloIsRead()
    {
        ServerHello hello = Samples.Parse<ServerHello>(ServerHelloOfRfc8448);
        Assert.False(hello.IsHelloRetryRequest);
        Assert.Equal(CipherSuite.Aes128GcmSha256, hello.CipherSuite);
        Assert.True(KeyShareServerHello.TryParse(hello.Extensions, out KeyShareServerHello share, out int consumed));
        Assert.Equal(NamedGroup.X25519, share.ServerShare.Group);
        Assert.Equal(32, share.ServerShare.KeyExchange.Length);
        Assert.Equal(ProtocolVersion.Tls13, Samples.Parse<SupportedVersionsServerHello>(hello.Extensions[consumed..].ToArray()).SelectedVersion);
    }

    [Fact]
    [Trait("rfc", "8448 §5")]
    [Trait("rfc", "8446 §4.1.4")]
    public void AHelloRetryRequestIsToldByItsRandom()
    {
        ServerHello hello = Samples.Parse<ServerHello>(HelloRetryRequestOfRfc8448);
        Assert.True(hello.IsHelloRetryRequest);
        Assert.True(KeyShareHelloRetryRequest.TryParse(hello.Extensions, out KeyShareHelloRetryRequest share, out int consumed));
        Assert.Equal(NamedGroup.Secp256r1, share.SelectedGroup);
        Assert.True(CookieExtension.TryParse(hello.Extensions[consumed..], out CookieExtension cookie, out _));
        Assert.Equal(114, cookie.Cookie.Length);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData("HelloRetryRequest"u8), ServerHello.HelloRetryRequestRandom.ToArray());
    }

    [Fact]
    [Trait("rfc", "8448 §3")]
    public void EncryptedExtensionsAreRead()
    {
        EncryptedExtensions message = Samples.Parse<EncryptedExtensions>(
            Hex.Bytes("080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000"));
        Assert.True(SupportedGroupsExtension.TryParse(message.Extensions, out SupportedGroupsExtension groups, out _));
        Assert.Equal(9, groups.NamedGroupList.Count);
        Assert.Equal(WireStatus.Done, new EncryptedExtensionsReader().Read(message.Extensions, out bool acknowledged));
        Assert.True(acknowledged);
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.2")]
    public void ACertificateChainIsAListWithItsOwnLengths()
    {
        byte[] message = Hex.Bytes("0b 000012 00 00000e 000003 aabbcc 0000 000001 dd 0000");
        Certificate certificate = Samples.Parse<Certificate>(message);
        Assert.Equal(2, certificate.CertificateList.Count);
        message[8] = 0x0D;
        Samples.Refuse<Certificate>(message);
    }

    [Fact]
    public void AMessageNotYetThereIsNotMalformed()
    {
        var visitor = new Vpr.Fuzz.Targets.HandshakeMessageVisitor();
        for (int length = 0; length < ServerHelloOfRfc8448.Length; length++)
            Assert.Equal(WireStatus.NeedMoreData, HandshakeMessage.Dispatch(ServerHelloOfRfc8448.AsSpan(0, length), ref visitor, out _));
        Assert.Equal(WireStatus.Done, HandshakeMessage.Dispatch(ServerHelloOfRfc8448, ref visitor, out _));
        byte[] wrong = [.. ServerHelloOfRfc8448];
        wrong[38] = 33;
        Assert.Equal(WireStatus.Malformed, HandshakeMessage.Dispatch(wrong, ref visitor, out _));
    }

    private struct ClientHelloReader() : IClientHelloExtensionVisitor
    {
        public string? ServerName;
        public List<(NamedGroup Group, int Length)> KeyShares = [];
        public List<ProtocolVersion> Versions = [];
        public List<ulong> Unknown = [];
        public int SignatureSchemes;

        public bool Visit(in ServerNameClientHello member)
        {
            foreach (ServerName name in member.ServerNameList)
                ServerName = System.Text.Encoding.ASCII.GetString(name.HostName);
            return true;
        }

        public readonly bool Visit(in KeyShareClientHello member)
        {
            foreach (KeyShareEntry entry in member.ClientShares)
                KeyShares.Add((entry.Group, entry.KeyExchange.Length));
            return true;
        }

        public readonly bool Visit(in SupportedVersionsClientHello member)
        {
            foreach (ProtocolVersion version in member.Versions)
                Versions.Add(version);
            return true;
        }

        public bool Visit(in SignatureAlgorithmsExtension member)
        {
            SignatureSchemes = member.SupportedSignatureAlgorithms.Count;
            return true;
        }

        public readonly bool VisitUnknown(ulong type, ReadOnlySpan<byte> body)
        {
            Unknown.Add(type);
            return true;
        }

        public readonly bool Visit(in SupportedGroupsExtension member) => member.NamedGroupList.Count == 9;
        public readonly bool Visit(in PskKeyExchangeModesExtension member) => member.KeModes.Contains(PskKeyExchangeMode.PskDheKe);
        public readonly bool Visit(in ApplicationLayerProtocolNegotiationExtension member) => false;
        public readonly bool Visit(in PreSharedKeyClientHello member) => false;
        public readonly bool Visit(in EarlyDataIndication member) => false;
        public readonly bool Visit(in CookieExtension member) => false;
        public readonly bool Visit(in SignatureAlgorithmsCertExtension member) => false;
        public readonly bool Visit(in QuicTransportParametersExtension member) => false;
        public readonly bool Visit(in CompressCertificateExtension member) => false;
        public readonly bool Visit(in ApplicationSettingsClientHello member) => false;
    }

    private struct EncryptedExtensionsReader : IEncryptedExtensionsExtensionVisitor
    {
        private bool _acknowledged;

        public WireStatus Read(ReadOnlySpan<byte> extensions, out bool acknowledged)
        {
            WireStatus status = EncryptedExtensionsExtension.DispatchAll(extensions, ref this, out _);
            acknowledged = _acknowledged;
            return status;
        }

        public bool Visit(in ServerNameEncryptedExtensions member) => _acknowledged = true;
        public readonly bool Visit(in SupportedGroupsExtension member) => true;
        public readonly bool Visit(in ApplicationLayerProtocolNegotiationExtension member) => false;
        public readonly bool Visit(in EarlyDataIndication member) => false;
        public readonly bool Visit(in QuicTransportParametersExtension member) => false;
        public readonly bool Visit(in ApplicationSettingsExtension member) => false;
        public readonly bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => type == 0x1C;
    }
}
