using Vpr.Fuzz.Generation;
using Vpr.Http3;

namespace Vpr.Fuzz.Targets;

/// <summary>What HTTP/3 reads beneath its frames.</summary>
internal static class QpackTargets
{
    private const int MaxFieldSectionSize = 16 * 1024;

    /// <summary>Field sections, strings, and the two instruction streams.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("QpackFieldSection", ReadFieldSection, MakeFieldSection),
        new ReaderTarget("HuffmanCode", ReadHuffman, MakeHuffman),
        new ReaderTarget("QpackEncoderStream", input => ReadInstructions(input, isEncoder: true), MakeInstructions),
        new ReaderTarget("QpackDecoderStream", input => ReadInstructions(input, isEncoder: false), MakeInstructions),
    ];

    private static ulong ReadFieldSection(ReadOnlySpan<byte> input)
    {
        using var section = new FieldSection();
        if (QpackDecoder.Decode(input, MaxFieldSectionSize, section) != QpackStatus.Done)
            return 0;
        FuzzViolationException.Require(section.Size <= MaxFieldSectionSize, "A section stays within its limit.");
        _ = RequestHead.TryRead(section, extendedConnect: true, out _);
        _ = ResponseHead.TryRead(section, out _);

        byte[] encoded = new byte[QpackEncoder.MaxEncodedLength(section)];
        int length = QpackEncoder.Encode(section, encoded);
        using var again = new FieldSection();
        FuzzViolationException.Require(QpackDecoder.Decode(encoded.AsSpan(0, length), MaxFieldSectionSize, again) == QpackStatus.Done, "What was encoded decodes.");
        FuzzViolationException.Require(again.Count == section.Count, "No line is lost.");
        var digest = new Digest();
        for (int i = 0; i < section.Count; i++)
        {
            FuzzViolationException.Require(section[i].Name.SequenceEqual(again[i].Name) && section[i].Value.SequenceEqual(again[i].Value), "Lines come back as they were.");
            digest.Add(section[i].Name);
            digest.Add(section[i].Value);
        }
        return digest.Value;
    }

    private static ulong ReadHuffman(ReadOnlySpan<byte> input)
    {
        byte[] text = new byte[HuffmanCode.MaxDecodedLength(input.Length) + 1];
        if (!HuffmanCode.TryDecode(input, text, out int written))
            return 0;
        byte[] encoded = new byte[HuffmanCode.EncodedLength(text.AsSpan(0, written))];
        int length = HuffmanCode.Encode(text.AsSpan(0, written), encoded);
        FuzzViolationException.Require(length == encoded.Length && input.SequenceEqual(encoded), "A text has one encoding.");
        var digest = new Digest();
        digest.Add(text.AsSpan(0, written));
        return digest.Value;
    }

    private static ulong ReadInstructions(ReadOnlySpan<byte> input, bool isEncoder)
    {
        var whole = new QpackInstructionReader();
        bool expected = Read(ref whole, input);
        var piecewise = new QpackInstructionReader();
        bool actual = true;
        for (int i = 0; i < input.Length && actual; i++)
            actual = Read(ref piecewise, input.Slice(i, 1));
        FuzzViolationException.Require(expected == actual, "Fragmentation does not matter.");
        return expected ? 1UL : 0;

        bool Read(ref QpackInstructionReader reader, ReadOnlySpan<byte> bytes) =>
            isEncoder ? reader.TryReadEncoderStream(bytes) : reader.TryReadDecoderStream(bytes);
    }

    private static void MakeFieldSection(EncodingBuffer output, ref FuzzRandom random)
    {
        output.Append([0, 0]);
        Span<byte> text = stackalloc byte[16];
        for (int lines = random.Below(8); lines > 0; lines--)
        {
            switch (random.Below(3))
            {
                case 0:
                    // Indexed, static.
                    output.Append([(byte)(0xC0 | random.Below(63))]);
                    break;
                case 1:
                    // A value under a static name.
                    output.Append([(byte)(0x50 | random.Below(15))]);
                    AppendString(output, text[..random.Below(16)], ref random);
                    break;
                default:
                    output.Append([0x23, (byte)'x', (byte)'-', (byte)('a' + random.Below(26))]);
                    AppendString(output, text[..random.Below(16)], ref random);
                    break;
            }
        }
    }

    private static void AppendString(EncodingBuffer output, Span<byte> text, ref FuzzRandom random)
    {
        random.Fill(text);
        if (random.OneIn(2))
        {
            output.Append([(byte)text.Length]);
            output.Append(text);
            return;
        }
        byte[] encoded = new byte[HuffmanCode.EncodedLength(text)];
        int length = HuffmanCode.Encode(text, encoded);
        if (length < 127)
        {
            output.Append([(byte)(0x80 | length)]);
            output.Append(encoded.AsSpan(0, length));
        }
        else
        {
            output.Append([0]);
        }
    }

    private static void MakeHuffman(EncodingBuffer output, ref FuzzRandom random)
    {
        Span<byte> text = stackalloc byte[32];
        text = text[..random.Below(32)];
        random.Fill(text);
        Span<byte> room = output.Extend(HuffmanCode.EncodedLength(text));
        HuffmanCode.Encode(text, room);
    }

    private static void MakeInstructions(EncodingBuffer output, ref FuzzRandom random)
    {
        for (int instructions = random.Below(6); instructions > 0; instructions--)
            output.Append(random.OneIn(2) ? [0x20] : [0x7F, (byte)(0x80 | random.Below(128)), (byte)random.Below(128)]);
    }
}
