using System.Buffers;

namespace Vpr.Http3;

/// <summary>Decodes field sections whose encoder was given a dynamic table of capacity 0, so that each stands for itself.</summary>
/// <remarks>RFC 9204 §4.5. Any reference to the dynamic table is an error (§2.2.3); memory is bounded by the section limit.</remarks>
internal static class QpackDecoder
{
    /// <summary>Decodes one field section.</summary>
    /// <param name="source">The whole payload of a HEADERS frame.</param>
    /// <param name="maxSize">The largest <see cref="FieldSection.Size"/> that is taken, in bytes.</param>
    /// <param name="section">Takes the lines, after what it holds; its content is unspecified on failure.</param>
    public static QpackStatus Decode(ReadOnlySpan<byte> source, long maxSize, FieldSection section)
    {
        // §4.5.1.1: with no dynamic table, the only Required Insert Count is 0. The Base may then be anything; it is not used.
        if (PrefixedInteger.Read(source, 8, out ulong requiredInsertCount, out int consumed) != OperationStatus.Done ||
            requiredInsertCount != 0) return QpackStatus.DecompressionFailed;
        source = source[consumed..];
        if (PrefixedInteger.Read(source, 7, out _, out consumed) != OperationStatus.Done || source[0] >= 0x80)
            return QpackStatus.DecompressionFailed;
        source = source[consumed..];

        while (!source.IsEmpty)
        {
            QpackStatus status = DecodeLine(ref source, maxSize - section.Size, section);
            if (status != QpackStatus.Done) return status;
        }

        return QpackStatus.Done;
    }

    private static QpackStatus DecodeLine(ref ReadOnlySpan<byte> source, long room, FieldSection section)
    {
        byte first = source[0];
        if (first >= 0x80) return DecodeIndexed(ref source, room, section); // §4.5.2
        if (first >= 0x40) return DecodeNameReference(ref source, room, section); // §4.5.4
        if (first >= 0x20) return DecodeLiteral(ref source, room, section); // §4.5.6
        return QpackStatus.DecompressionFailed; // §4.5.3, §4.5.5: post-base indexes name the dynamic table
    }

    private static QpackStatus DecodeIndexed(ref ReadOnlySpan<byte> source, long room, FieldSection section)
    {
        bool isStatic = (source[0] & 0x40) != 0;
        if (!isStatic || !TryReadInteger(ref source, 6, out ulong index) || index >= StaticTable.Count)
            return QpackStatus.DecompressionFailed;
        if (StaticTable.Name((int)index).Length + StaticTable.Value((int)index).Length + FieldSection.LineOverhead > room)
            return QpackStatus.TooLarge;
        section.AppendStatic((int)index);
        return QpackStatus.Done;
    }

    private static QpackStatus DecodeNameReference(ref ReadOnlySpan<byte> source, long room, FieldSection section)
    {
        bool neverIndexed = (source[0] & 0x20) != 0;
        bool isStatic = (source[0] & 0x10) != 0;
        if (!isStatic || !TryReadInteger(ref source, 4, out ulong index) || index >= StaticTable.Count)
            return QpackStatus.DecompressionFailed;
        ReadOnlySpan<byte> name = StaticTable.Name((int)index);
        QpackStatus status = ReadString(ref source, 7, room - FieldSection.LineOverhead - name.Length, out ReadOnlySpan<byte> value, out byte[]? rented);
        if (status == QpackStatus.Done) section.Append(name, value, FieldNames.Find(name), -1, neverIndexed);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return status;
    }

    private static QpackStatus DecodeLiteral(ref ReadOnlySpan<byte> source, long room, FieldSection section)
    {
        bool neverIndexed = (source[0] & 0x10) != 0;
        byte[]? rentedValue = null;
        QpackStatus status = ReadString(ref source, 3, room - FieldSection.LineOverhead, out ReadOnlySpan<byte> name, out byte[]? rentedName);
        if (status == QpackStatus.Done)
        {
            status = ReadString(ref source, 7, room - FieldSection.LineOverhead - name.Length, out ReadOnlySpan<byte> value, out rentedValue);
            if (status == QpackStatus.Done) section.Append(name, value, FieldNames.Find(name), -1, neverIndexed);
        }

        if (rentedName is not null) ArrayPool<byte>.Shared.Return(rentedName);
        if (rentedValue is not null) ArrayPool<byte>.Shared.Return(rentedValue, clearArray: true);
        return status;
    }

    /// <summary>Reads a string literal: a Huffman flag, a length, the octets.</summary>
    /// <remarks>RFC 9204 §4.1.2</remarks>
    /// <param name="source">Begins with the octet that holds flag and length.</param>
    /// <param name="lengthBits">Bits of the length's prefix; the flag is the bit above.</param>
    /// <param name="room">The longest text that is taken.</param>
    /// <param name="text">The text: in <paramref name="source"/>, or in <paramref name="rented"/>.</param>
    /// <param name="rented">What the caller gives back to the pool, when Huffman decoding needed it.</param>
    private static QpackStatus ReadString(
        ref ReadOnlySpan<byte> source, int lengthBits, long room, out ReadOnlySpan<byte> text, out byte[]? rented)
    {
        text = default;
        rented = null;
        if (source.IsEmpty) return QpackStatus.DecompressionFailed;
        bool huffman = (source[0] & 1 << lengthBits) != 0;
        if (!TryReadInteger(ref source, lengthBits, out ulong length) || length > (ulong)source.Length)
            return QpackStatus.DecompressionFailed;
        ReadOnlySpan<byte> octets = source[..(int)length];
        source = source[(int)length..];
        if (!huffman)
        {
            if (octets.Length > room) return QpackStatus.TooLarge;
            text = octets;
            return QpackStatus.Done;
        }

        // The longest code has 30 bits: less than a quarter of the octets cannot come out.
        if (octets.Length / 4 > room) return QpackStatus.TooLarge;
        rented = ArrayPool<byte>.Shared.Rent((int)Math.Min(HuffmanCode.MaxDecodedLength(octets.Length), int.MaxValue / 2));
        if (!HuffmanCode.TryDecode(octets, rented, out int written)) return QpackStatus.DecompressionFailed;
        text = rented.AsSpan(0, written);
        return written > room ? QpackStatus.TooLarge : QpackStatus.Done;
    }

    private static bool TryReadInteger(ref ReadOnlySpan<byte> source, int prefixBits, out ulong value)
    {
        if (PrefixedInteger.Read(source, prefixBits, out value, out int consumed) != OperationStatus.Done) return false;
        source = source[consumed..];
        return true;
    }
}
