namespace Vpr.Crypto.Tests;

/// <summary>Vectors as the documents print them, with blanks where they have them.</summary>
internal static class Hex
{
    internal static byte[] Bytes(string digits) => Convert.FromHexString(digits.Replace(" ", "").Replace("\r", "").Replace("\n", ""));

    internal static string Text(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
