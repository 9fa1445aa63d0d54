using System.Security.Cryptography;
using System.Text.Json;

namespace Vpr.Crypto.Tests;

/// <summary>Cases of NIST's own validation system.</summary>
public sealed class MlKem768AcvpTests
{
    private static readonly JsonDocument Vectors = Load();

    [Fact]
    [Trait("fips", "203 §6.1")]
    public void Generates_the_key()
    {
        JsonElement vector = Vectors.RootElement.GetProperty("keyGen");
        using ManagedMlKemKey key = ManagedMlKemKey.FromSeed([.. Bytes(vector, "d"), .. Bytes(vector, "z")]);
        Assert.StartsWith(Text(vector, "ekStart"), Hex.Text(key.EncapsulationKey));
        Assert.Equal(Text(vector, "ekSha256"), Hex.Text(SHA256.HashData(key.EncapsulationKey)));
    }

    [Theory]
    [Trait("fips", "203 §6.3")]
    [InlineData(0, "no modification")]
    [InlineData(1, "modify ciphertext")] // implicit rejection
    public void Decapsulates(int index, string reason)
    {
        JsonElement group = Vectors.RootElement.GetProperty("decapsulation"), test = group.GetProperty("tests")[index];
        Assert.Equal(reason, test.GetProperty("reason").GetString());
        using ManagedMlKemKey? key = ManagedMlKemKey.FromExpanded(Bytes(group, "dk"));
        byte[] secret = new byte[32];
        Assert.NotNull(key);
        key.DecapsulateCore(Bytes(test, "c"), secret);
        Assert.Equal(Text(test, "k"), Hex.Text(secret));
    }

    /// <summary>The message inside a ciphertext that was not modified must lead to that ciphertext and its secret again.</summary>
    [Fact]
    [Trait("fips", "203 §6.2")]
    public void Encapsulates()
    {
        JsonElement group = Vectors.RootElement.GetProperty("decapsulation"), test = group.GetProperty("tests")[0];
        byte[] expanded = Bytes(group, "dk"), message = new byte[32], ciphertext = new byte[1088], secret = new byte[32];
        short[] vector = new short[KPke.VectorCoefficients];
        for (int i = 0; i < 3; i++) Assert.True(MlKemEncoding.TryDecode(expanded.AsSpan(i * 384, 384), vector.AsSpan(i * 256, 256)));
        KPke.Decrypt(vector, Bytes(test, "c"), message);
        Assert.True(MlKem768.EncapsulateCore(expanded.AsSpan(1152, 1184), message, ciphertext, secret));
        Assert.Equal(Text(test, "c"), Hex.Text(ciphertext));
        Assert.Equal(Text(test, "k"), Hex.Text(secret));
    }

    private static byte[] Bytes(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static string Text(JsonElement element, string name) => Hex.Text(Bytes(element, name));

    private static JsonDocument Load()
    {
        using Stream stream = typeof(MlKem768AcvpTests).Assembly.GetManifestResourceStream("acvp-ml-kem-768.json")!;
        return JsonDocument.Parse(stream);
    }
}
