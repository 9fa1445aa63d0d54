namespace Vpr.Http3;

/// <summary>Encodes field sections with the static table, literals and the Huffman code; it keeps no state.</summary>
/// <remarks>RFC 9204 §4.5. The dynamic table is not used, whatever the peer's decoder offers (§2.1 leaves that to the encoder).</remarks>
internal static class QpackEncoder
{
    private const int PrefixLength = 2;

    /// <summary>A length that the encoded section cannot exceed, in bytes.</summary>
    public static int MaxEncodedLength(FieldSection section) =>
        checked(PrefixLength + (int)section.Size); // LineOverhead covers two prefixed integers and the pattern

    /// <summary>Encodes one field section.</summary>
    /// <param name="section">The lines, in the order in which they are sent.</param>
    /// <param name="destination">At least <see cref="MaxEncodedLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(FieldSection section, Span<byte> destination)
    {
        // §4.5.1: Required Insert Count 0, and a Base of 0 that nothing refers to.
        destination[0] = 0;
        destination[1] = 0;
        int written = PrefixLength;
        for (int i = 0; i < section.Count; i++)
        {
            FieldLine line = section[i];
            (int nameIndex, int lineIndex) = section.StaticIndexes(i);
            Span<byte> rest = destination[written..];
            written += lineIndex >= 0 && !line.IsNeverIndexed ? PrefixedInteger.Write(rest, 0xc0, 6, (ulong)lineIndex)
                : nameIndex >= 0 ? EncodeNameReference(rest, nameIndex, line)
                : EncodeLiteral(rest, line);
        }

        return written;
    }

    private static int EncodeNameReference(Span<byte> destination, int nameIndex, FieldLine line)
    {
        int written = PrefixedInteger.Write(destination, (byte)(0x50 | (line.IsNeverIndexed ? 0x20 : 0)), 4, (ulong)nameIndex);
        return written + EncodeString(destination[written..], 0, 7, line.Value);
    }

    private static int EncodeLiteral(Span<byte> destination, FieldLine line)
    {
        int written = EncodeString(destination, (byte)(0x20 | (line.IsNeverIndexed ? 0x10 : 0)), 3, line.Name);
        return written + EncodeString(destination[written..], 0, 7, line.Value);
    }

    private static int EncodeString(Span<byte> destination, byte pattern, int lengthBits, ReadOnlySpan<byte> text)
    {
        int huffmanLength = HuffmanCode.EncodedLength(text);
        bool huffman = huffmanLength < text.Length;
        if (huffman) pattern |= (byte)(1 << lengthBits);
        int written = PrefixedInteger.Write(destination, pattern, lengthBits, (ulong)(huffman ? huffmanLength : text.Length));
        if (huffman) return written + HuffmanCode.Encode(text, destination[written..]);
        text.CopyTo(destination[written..]);
        return written + text.Length;
    }
}
