using FsCheck.Xunit;
using Vpr.Http3;

namespace Vpr.Masque.Tests;

[Trait("rfc", "9110 §11.4")]
public sealed class NoiseSchemeTests
{
    [Property]
    public bool MessagesRoundTrip(byte[] message)
    {
        using FieldSection fields = new();
        NoiseScheme.Add(fields, FieldNames.Authorization, message);
        bool read = NoiseScheme.TryRead(fields, FieldNames.Authorization, out byte[]? again);
        return fields[0].IsNeverIndexed && (message.Length == 0 ? !read : read && again.AsSpan().SequenceEqual(message));
    }

    [Theory]
    [InlineData("Noise AQID", true)]
    [InlineData("noise AQID", true)]
    [InlineData("NOISE -_-_", true)]
    [InlineData("Noise", false)]
    [InlineData("Noise ", false)]
    [InlineData("Noise  AQID", false)]
    [InlineData("Noise AQ==", false)]
    [InlineData("Noise AQ+/", false)]
    [InlineData("Noise A", false)]
    [InlineData("Basic AQID", false)]
    [InlineData("AQID", false)]
    [InlineData("", false)]
    public void Values(string value, bool valid)
    {
        using FieldSection fields = new();
        fields.Add("authorization", value);
        Assert.Equal(valid, NoiseScheme.TryRead(fields, FieldNames.Authorization, out _));
        fields.Add("authorization", value);
        Assert.False(NoiseScheme.TryRead(fields, FieldNames.Authorization, out _)); // twice is never right
    }

    [Fact]
    public void LengthIsBounded()
    {
        using FieldSection fields = new();
        NoiseScheme.Add(fields, FieldNames.Authorization, new byte[NoiseScheme.MaxMessageLength]);
        Assert.True(NoiseScheme.TryRead(fields, FieldNames.Authorization, out byte[]? message));
        Assert.Equal(NoiseScheme.MaxMessageLength, message.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseScheme.Add(fields, FieldNames.AuthenticationInfo, new byte[NoiseScheme.MaxMessageLength + 1]));
        using FieldSection longer = new();
        longer.Add("authorization", "Noise " + new string('A', 5466));
        Assert.False(NoiseScheme.TryRead(longer, FieldNames.Authorization, out _));
    }
}
