namespace Vpr.Hosting.Configuration;

/// <summary>Keys of 32 bytes as text: base64, 44 characters, as WireGuard's users know them.</summary>
public static class KeyText
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 32;

    /// <summary>Reads a key; false when the text is not base64 of exactly 32 bytes.</summary>
    /// <param name="text">The text, without white space around it.</param>
    /// <param name="key">The key; the caller owns and erases it.</param>
    public static bool TryParse(string text, out byte[] key)
    {
        key = new byte[Size];
        return Convert.TryFromBase64String(text, key, out int written) && written == Size;
    }

    /// <summary>Writes a key.</summary>
    public static string Format(ReadOnlySpan<byte> key) => Convert.ToBase64String(key);
}
