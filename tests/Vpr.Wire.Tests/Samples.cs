namespace Vpr.Wire.Tests;

/// <summary>How a sample is checked.</summary>
internal static class Samples
{
    /// <summary>Parses bytes that one structure fills, and requires that it is written as it was read.</summary>
    public static T Parse<T>(byte[] bytes)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        Assert.True(T.TryParse(bytes, out T value, out int consumed), $"{typeof(T).Name} does not parse.");
        Assert.Equal(bytes.Length, consumed);
        byte[] written = new byte[value.EncodedLength];
        Assert.Equal(written.Length, value.Write(written));
        Assert.Equal(bytes, written);
        return value;
    }

    /// <summary>Requires that bytes do not parse.</summary>
    public static void Refuse<T>(byte[] bytes)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        Assert.False(T.TryParse(bytes, out _, out int consumed), $"{typeof(T).Name} parses.");
        Assert.Equal(0, consumed);
    }

    /// <summary>Writes a value.</summary>
    public static byte[] Write<T>(scoped in T value)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        byte[] written = new byte[value.EncodedLength];
        Assert.Equal(written.Length, value.Write(written));
        return written;
    }
}
