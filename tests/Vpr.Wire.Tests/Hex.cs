namespace Vpr.Wire.Tests;

/// <summary>Bytes as RFCs print them.</summary>
internal static class Hex
{
    /// <summary>Reads hexadecimal digits; spaces and line ends do not matter.</summary>
    public static byte[] Bytes(string text) => Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));
}
