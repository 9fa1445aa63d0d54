namespace Vpr.Crypto.Tests;

public sealed class HkdfTests
{
    [Theory]
    [Trait("rfc", "5869 §A")]
    [InlineData( // A.1
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData( // A.2
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
        "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
        "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")]
    [InlineData( // A.3
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Extracts_and_expands(string material, string salt, string info, string pseudorandomKey, string output)
    {
        byte[] prk = new byte[32];
        Hkdf.Extract(HkdfHash.Sha256, Hex.Bytes(salt), Hex.Bytes(material), prk);
        Assert.Equal(pseudorandomKey, Hex.Text(prk));

        byte[] okm = new byte[output.Length / 2];
        Hkdf.Expand(HkdfHash.Sha256, prk, Hex.Bytes(info), okm);
        Assert.Equal(output, Hex.Text(okm));
    }

    [Theory]
    [Trait("rfc", "5869 §2.2")]
    [InlineData(HkdfHash.Sha256, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")] // HMAC of nothing under nothing
    [InlineData(HkdfHash.Sha384, "6c1f2ee938fad2e24bd91298474382ca218c75db3d83e114b3d4367776d14d3551289e75e8209cd4b792302840234adc")]
    public void Extracts_from_nothing(HkdfHash hash, string expected)
    {
        byte[] prk = new byte[hash.Length()];
        Hkdf.Extract(hash, [], [], prk);
        Assert.Equal(expected, Hex.Text(prk));
    }

    [Fact]
    [Trait("rfc", "9001 §A.1")]
    public void Derives_the_initial_keys_of_quic()
    {
        byte[] initial = new byte[32], client = new byte[32], server = new byte[32];
        Hkdf.Extract(HkdfHash.Sha256, Hex.Bytes("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), Hex.Bytes("8394c8f03e515708"), initial);
        Assert.Equal("7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44", Hex.Text(initial));

        Hkdf.ExpandLabel(HkdfHash.Sha256, initial, "client in"u8, [], client);
        Hkdf.ExpandLabel(HkdfHash.Sha256, initial, "server in"u8, [], server);
        Assert.Equal("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea", Hex.Text(client));
        Assert.Equal("3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b", Hex.Text(server));

        Assert.Equal("1f369613dd76d5467730efcbe3b1a22d", Expand(client, "quic key"u8, 16));
        Assert.Equal("fa044b2f42a3fd3b46fb255c", Expand(client, "quic iv"u8, 12));
        Assert.Equal("9f50449e04a0e810283a1e9933adedd2", Expand(client, "quic hp"u8, 16));
        Assert.Equal("cf3a5331653c364c88f0f379b6067e37", Expand(server, "quic key"u8, 16));
        Assert.Equal("0ac1493ca1905853b0bba03e", Expand(server, "quic iv"u8, 12));
        Assert.Equal("c206b8d9b9f0f37644430b490eeaa314", Expand(server, "quic hp"u8, 16));
    }

    [Fact]
    [Trait("rfc", "9001 §A.5")]
    public void Derives_the_chacha20_keys_of_quic()
    {
        byte[] secret = Hex.Bytes("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b");
        Assert.Equal("c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8", Expand(secret, "quic key"u8, 32));
        Assert.Equal("e0459b3474bdd0e44a41c144", Expand(secret, "quic iv"u8, 12));
        Assert.Equal("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4", Expand(secret, "quic hp"u8, 32));
        Assert.Equal("1223504755036d556342ee9361d253421a826c9ecdf3c7148684b36b714881f9", Expand(secret, "quic ku"u8, 32));
    }

    [Fact]
    [Trait("rfc", "8448 §3")]
    public void Derives_the_early_and_handshake_secrets_of_tls()
    {
        byte[] early = new byte[32], empty = new byte[32], derived = new byte[32], handshake = new byte[32];
        Hkdf.Extract(HkdfHash.Sha256, [], new byte[32], early);
        Assert.Equal("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a", Hex.Text(early));

        using TranscriptHash transcript = new(HkdfHash.Sha256);
        transcript.Current(empty);
        Hkdf.ExpandLabel(HkdfHash.Sha256, early, "derived"u8, empty, derived);
        Assert.Equal("6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba", Hex.Text(derived));

        Hkdf.Extract(HkdfHash.Sha256, derived, Hex.Bytes("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"), handshake);
        Assert.Equal("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac", Hex.Text(handshake));
    }

    [Fact]
    public void The_length_of_the_hash_is_part_of_the_contract()
    {
        Assert.Throws<ArgumentException>(() => Hkdf.Extract(HkdfHash.Sha384, [], [], new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hkdf.ExpandLabel(HkdfHash.Sha256, new byte[32], [], [], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hkdf.ExpandLabel(HkdfHash.Sha256, new byte[32], new byte[250], [], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hkdf.ExpandLabel(HkdfHash.Sha256, new byte[32], "x"u8, new byte[256], new byte[16]));
    }

    [Fact]
    public void A_transcript_can_be_read_and_goes_on()
    {
        using TranscriptHash whole = new(HkdfHash.Sha384), pieces = new(HkdfHash.Sha384);
        byte[] expected = new byte[48], actual = new byte[48], early = new byte[48];
        whole.Append("ClientHelloServerHello"u8);
        whole.Current(expected);

        pieces.Append("ClientHello"u8);
        pieces.Current(early);
        pieces.Append("ServerHello"u8);
        pieces.Current(actual);
        Assert.Equal(expected, actual);
        Assert.NotEqual(expected, early);

        pieces.Reset();
        pieces.Append("ClientHello"u8);
        pieces.Current(actual);
        Assert.Equal(early, actual);
    }

    private static string Expand(byte[] secret, ReadOnlySpan<byte> label, int length)
    {
        byte[] output = new byte[length];
        Hkdf.ExpandLabel(HkdfHash.Sha256, secret, label, [], output);
        return Hex.Text(output);
    }
}
