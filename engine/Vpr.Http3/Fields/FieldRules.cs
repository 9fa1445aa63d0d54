using System.Buffers;

namespace Vpr.Http3;

/// <summary>What a single field line must satisfy, on either side.</summary>
/// <remarks>RFC 9114 §4.2, RFC 9110 §5</remarks>
public static class FieldRules
{
    private static readonly SearchValues<byte> NameOctets =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> ForbiddenInValue = SearchValues.Create("\0\r\n"u8);

    /// <summary>Whether <paramref name="name"/> is a field name in lowercase, and no pseudo-header field.</summary>
    /// <remarks>RFC 9110 §5.1; RFC 9114 §4.2: an uppercase character makes a message malformed.</remarks>
    public static bool IsName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(NameOctets);

    /// <summary>Whether <paramref name="value"/> holds neither NUL, CR nor LF, nor blanks at either end.</summary>
    /// <remarks>RFC 9110 §5.5, RFC 9114 §10.3. Blanks at the ends are what intermediaries disagree about (RFC 9113 §8.2.1), so they are refused here too.</remarks>
    public static bool IsValue(ReadOnlySpan<byte> value) =>
        value.IsEmpty ||
        (!value.ContainsAny(ForbiddenInValue) && value[0] is not ((byte)' ' or (byte)'\t') && value[^1] is not ((byte)' ' or (byte)'\t'));

    /// <summary>Whether the line speaks of an HTTP/1.1 connection and has no place in HTTP/3.</summary>
    /// <remarks>RFC 9114 §4.2: TE is permitted with the value "trailers" alone.</remarks>
    public static bool IsConnectionSpecific(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => name.Length switch
    {
        2 => name.SequenceEqual("te"u8) && !value.SequenceEqual("trailers"u8),
        7 => name.SequenceEqual("upgrade"u8),
        10 => name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8),
        16 => name.SequenceEqual("proxy-connection"u8),
        17 => name.SequenceEqual("transfer-encoding"u8),
        _ => false,
    };

    /// <summary>Whether a regular line may stand in a message.</summary>
    internal static bool IsRegularLine(FieldLine line) =>
        IsName(line.Name) && IsValue(line.Value) && !IsConnectionSpecific(line.Name, line.Value);

    /// <summary>Whether a section may stand as trailers: no pseudo-header fields.</summary>
    /// <remarks>RFC 9114 §4.3</remarks>
    internal static bool AreTrailers(FieldSection section)
    {
        for (int i = 0; i < section.Count; i++)
            if (!IsRegularLine(section[i])) return false;
        return true;
    }

    /// <summary>Reads the body length that a header section announces.</summary>
    /// <param name="section">The header section.</param>
    /// <param name="length">The length in bytes, or null when none is announced.</param>
    /// <returns>False when the value is no number or several differ; RFC 9110 §8.6.</returns>
    internal static bool TryReadContentLength(FieldSection section, out long? length)
    {
        length = null;
        for (int i = section.IndexOf(FieldNames.ContentLength, 0); i >= 0; i = section.IndexOf(FieldNames.ContentLength, i + 1))
        {
            long value = 0;
            ReadOnlySpan<byte> digits = section[i].Value;
            if (digits.IsEmpty || digits.Length > 18) return false;
            foreach (byte digit in digits)
            {
                if (digit is < (byte)'0' or > (byte)'9') return false;
                value = value * 10 + (digit - '0');
            }

            if (length is { } earlier && earlier != value) return false;
            length = value;
        }

        return true;
    }
}
