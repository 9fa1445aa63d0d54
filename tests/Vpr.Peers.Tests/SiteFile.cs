using System.Security.Cryptography;
using Vpr.Testing;

namespace Vpr.Peers.Tests;

/// <summary>A file of a website whose content cannot be guessed or compressed.</summary>
internal static class SiteFile
{
    /// <summary>Bytes of the file that is fetched as a whole: 50 MB.</summary>
    public const int LargeSize = 50_000_000;

    /// <summary>Writes a file of the given size.</summary>
    /// <returns>Its content.</returns>
    public static byte[] Write(string path, int size, ulong seed)
    {
        byte[] content = new byte[size];
        new SeededRandom(seed).FillPublic(content);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return content;
    }

    /// <summary>The SHA-256 of content, as the tools print it.</summary>
    public static string Sha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
