namespace Vpr.Crypto.Tests;

public sealed class X25519Tests
{
    [Fact]
    [Trait("rfc", "7748 §6.1")]
    public void Two_sides_agree()
    {
        using X25519PrivateKey alice = Import("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        using X25519PrivateKey bob = Import("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Hex.Text(alice.PublicKey));
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Hex.Text(bob.PublicKey));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Agree(alice, bob.PublicKey));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Agree(bob, alice.PublicKey));
    }

    [Theory]
    [Trait("rfc", "7748 §5.2")]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData( // the top bit of the coordinate is set and must be ignored
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void Multiplies(string scalar, string coordinate, string result)
    {
        using X25519PrivateKey key = Import(scalar);
        Assert.Equal(result, Agree(key, Hex.Bytes(coordinate)));
    }

    [Fact]
    [Trait("rfc", "7748 §5.2")]
    public void Multiplies_a_thousand_times()
    {
        byte[] scalar = Hex.Bytes("0900000000000000000000000000000000000000000000000000000000000000");
        byte[] coordinate = (byte[])scalar.Clone();
        for (int i = 1; i <= 1000; i++)
        {
            byte[] result = new byte[32];
            using (X25519PrivateKey key = X25519PrivateKey.Import(scalar)) Assert.True(key.Agree(coordinate, result));
            (scalar, coordinate) = (result, scalar);
            if (i == 1) Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Hex.Text(scalar));
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Hex.Text(scalar));
    }

    [Theory]
    [Trait("rfc", "7748 §6.1")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")] // order 4
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")] // order 1
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")] // order 8
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")] // order 8
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // p - 1, order 2
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // p = 0
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // p + 1 = 1
    public void A_point_of_small_order_is_refused(string coordinate)
    {
        using X25519PrivateKey key = X25519PrivateKey.Generate(new SeededRandomSource(1));
        byte[] secret = [.. Enumerable.Repeat((byte)0xa5, 32)];
        Assert.False(key.Agree(Hex.Bytes(coordinate), secret));
        Assert.Equal(new byte[32], secret);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(65)]
    public void A_peer_key_of_another_length_is_refused(int length)
    {
        using X25519PrivateKey key = X25519PrivateKey.Generate(new SeededRandomSource(2));
        byte[] peer = new byte[length];
        Array.Fill(peer, (byte)9);
        Assert.False(key.Agree(peer, new byte[32]));
    }

    [Fact]
    public void Exports_what_was_imported_and_refuses_after_disposal()
    {
        byte[] bytes = new byte[32], exported = new byte[32];
        new SeededRandomSource(3).FillSecret(bytes);
        X25519PrivateKey key = X25519PrivateKey.Import(bytes);
        key.Export(exported);
        Assert.Equal(bytes, exported);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Export(exported));
        Assert.Throws<ObjectDisposedException>(() => key.Agree(Hex.Bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"), exported));
    }

    private static X25519PrivateKey Import(string hex) => X25519PrivateKey.Import(Hex.Bytes(hex));

    private static string Agree(X25519PrivateKey key, ReadOnlySpan<byte> peer)
    {
        byte[] secret = new byte[32];
        Assert.True(key.Agree(peer, secret));
        return Hex.Text(secret);
    }
}
