namespace Vpr.Wire.Generator.Tests.Runs;

/// <summary>What every emitted parser and writer must do, whatever the structure.</summary>
internal static class Encoding
{
    /// <summary>
    /// Writes a value and compares the bytes; parses them again, with more behind them where the structure has an end of its own,
    /// and writes what was parsed; then asks every shorter source and destination to be refused.
    /// </summary>
    public static void Check<T>(scoped in T value, string hex, bool hasEnd = true)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        byte[] expected = Bytes(hex);
        Assert.Equal(hex.Replace(" ", ""), Hex(value));
        Assert.Equal(expected.Length, value.EncodedLength);

        byte[] source = hasEnd ? [.. expected, 0xAA, 0xBB] : expected;
        Assert.True(T.TryParse(source, out T parsed, out int consumed));
        Assert.Equal(expected.Length, consumed);
        Assert.Equal(hex.Replace(" ", ""), Hex(parsed));

        for (int length = 0; length < expected.Length; length++)
        {
            if (hasEnd)
                Assert.False(T.TryParse(expected.AsSpan(0, length), out _, out consumed) || consumed != 0, $"parsed {length} bytes");
            Assert.True(Refuses(value, length), $"wrote into {length} bytes");
        }
    }

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    public static string Hex<T>(scoped in T value)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        byte[] destination = new byte[value.EncodedLength + 3];
        int written = value.Write(destination);
        Assert.Equal(value.EncodedLength, written);
        Assert.Equal(new byte[3], destination[written..]);
        return Convert.ToHexString(destination, 0, written);
    }

    public static bool Parses<T>(string hex)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        bool parsed = T.TryParse(Bytes(hex), out _, out int consumed);
        Assert.True(parsed || consumed == 0);
        return parsed;
    }

    /// <summary>Whether writing is refused with the exception of misuse, and says which property is wrong.</summary>
    public static string? Misuse<T>(scoped in T value)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        try
        {
            value.Write(new byte[100_000]);
            return null;
        }
        catch (ArgumentException refused)
        {
            return refused.ParamName;
        }
    }

    private static bool Refuses<T>(scoped in T value, int room)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        try
        {
            value.Write(new byte[room]);
            return false;
        }
        catch (ArgumentException refused)
        {
            return refused.ParamName == "destination";
        }
    }
}
