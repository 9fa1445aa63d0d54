namespace Vpr.Crypto.Tests;

public sealed class P256KeyAgreementTests
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    [Fact]
    [Trait("rfc", "5903 §8.1")]
    public void Two_sides_agree()
    {
        using P256KeyAgreement i = P256KeyAgreement.Import(Hex.Bytes("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"));
        using P256KeyAgreement r = P256KeyAgreement.Import(Hex.Bytes("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53"));
        Assert.Equal("04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3", Hex.Text(i.PublicKey));
        Assert.Equal("04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab", Hex.Text(r.PublicKey));

        byte[] one = new byte[32], other = new byte[32];
        Assert.True(i.Agree(r.PublicKey, one));
        Assert.True(r.Agree(i.PublicKey, other));
        Assert.Equal("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de", Hex.Text(one));
        Assert.Equal(one, other);
    }

    [Fact]
    public void Generated_keys_agree()
    {
        SeededRandomSource random = new(6);
        for (int i = 0; i < 20; i++)
        {
            using P256KeyAgreement one = P256KeyAgreement.Generate(random), other = P256KeyAgreement.Generate(random);
            byte[] first = new byte[32], second = new byte[32];
            Assert.True(one.Agree(other.PublicKey, first));
            Assert.True(other.Agree(one.PublicKey, second));
            Assert.Equal(first, second);
            Assert.NotEqual(new byte[32], first);
        }
    }

    [Fact]
    public void A_point_off_the_curve_or_in_another_form_is_refused()
    {
        using P256KeyAgreement key = P256KeyAgreement.Generate(new SeededRandomSource(7));
        byte[] secret = new byte[32];
        byte[] point = key.PublicKey.ToArray();
        Assert.True(key.Agree(point, secret));

        for (int i = 0; i < point.Length; i++)
        {
            byte[] changed = (byte[])point.Clone();
            changed[i] ^= 0x10;
            Assert.False(key.Agree(changed, secret), $"octet {i}");
            Assert.Equal(new byte[32], secret);
        }

        byte[] coordinateIsTheField = Hex.Bytes("04" + "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff" + "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        Assert.False(key.Agree(coordinateIsTheField, secret));
        Assert.False(key.Agree([], secret));
        Assert.False(key.Agree([0], secret)); // infinity
        Assert.False(key.Agree([.. point, 0], secret));
        Assert.False(key.Agree([2, .. point.AsSpan(1, 32)], secret)); // compressed: TLS 1.3 forbids it
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", true)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", true)]
    [InlineData(Order, false)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552", false)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    public void Scalars_lie_between_1_and_the_order(string scalar, bool valid)
    {
        if (valid) P256KeyAgreement.Import(Hex.Bytes(scalar)).Dispose();
        else Assert.Throws<ArgumentException>(() => P256KeyAgreement.Import(Hex.Bytes(scalar)));
    }
}
