using System.Text;

namespace Vpr.Tls;

/// <summary>Protocol names of ALPN between text and bytes.</summary>
/// <remarks>RFC 7301 §3.1</remarks>
internal static class ApplicationProtocolNames
{
    /// <summary>Throws unless every name is 1 to 255 ASCII characters and there is at least one.</summary>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void Validate(IReadOnlyList<string> names)
    {
        if (names.Count == 0 || !names.All(name => name.Length is >= 1 and <= byte.MaxValue && Ascii.IsValid(name)))
            throw new ArgumentException("ALPN needs at least one protocol name, each of 1 to 255 ASCII characters.");
    }

    /// <summary>The bytes of a valid name.</summary>
    public static byte[] Encode(string name) => Encoding.ASCII.GetBytes(name);

    /// <summary>Whether <paramref name="bytes"/> spell <paramref name="name"/>.</summary>
    public static bool AreEqual(string name, ReadOnlySpan<byte> bytes) => Ascii.Equals(bytes, name);
}
