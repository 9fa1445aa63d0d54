using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits the statements that delimit and read spans, lists and nested structures.</summary>
internal sealed class BytesParseEmitter(ParseContext context)
{
    public void Emit(BytesPart part)
    {
        context.FlushChecks();
        switch (part.Extent)
        {
            case FixedExtent { Bytes: var bytes }:
                context.Cursor.Settle();
                EmitContent(part, Expressions.Slice(context.Cursor.Span, context.Cursor.Offset, bytes.ToString()), bytes.ToString());
                context.Cursor.Advance(bytes);
                break;
            case PrefixExtent { UnlessRest: not null } prefix:
                EmitPrefixedOrRest(part, prefix);
                break;
            case PrefixExtent { Prefix: Prefix.VarInt } prefix:
                EmitVarIntPrefixed(part, prefix);
                break;
            case PrefixExtent prefix:
                EmitPrefixed(part, prefix);
                break;
            case FromExtent from:
                EmitFrom(part, from);
                break;
            case CountExtent count:
                context.Cursor.Settle();
                context.Fail([$"!{part.Type}.TryParse({context.Cursor.Here}, {context.Model.Find(count.Part).Local}, out {context.Declare(part.Type, part.Local)})"]);
                context.Cursor.Advance($"{part.Local}.EncodedLength");
                break;
            case RestExtent:
                context.Cursor.Settle();
                EmitContent(part, context.Cursor.Here, context.Cursor.Remaining);
                if (context.IsConditional)
                    context.Cursor.AdvanceToEnd();
                else
                    context.IsAtEnd = true;
                break;
            default:
                context.Cursor.Settle();
                string length = context.Fresh(part.Local + "Length");
                context.Fail([$"!{part.Type}.TryParse({context.Cursor.Here}, out {context.Declare(part.Type, part.Local)}, out int {length})"]);
                context.Cursor.Advance(length);
                break;
        }
    }

    private void EmitPrefixed(BytesPart part, PrefixExtent extent)
    {
        string length = context.Fresh(part.Local + "Length");
        context.Code.Line($"int {length} = {ReadLength(extent)};");
        context.Cursor.Advance(extent.PrefixBytes);
        context.Fail([$"{length} > {context.Cursor.Remaining}", .. BoundsOf(extent, length)]);
        EmitContent(part, Expressions.Slice(context.Cursor.Span, context.Cursor.Offset, length), length);
        context.Cursor.Advance(length);
    }

    private void EmitVarIntPrefixed(BytesPart part, PrefixExtent extent)
    {
        context.Cursor.MoveToRest();
        string length = context.Fresh(part.Local + "Length");
        context.Fail([$"!VarInt.TryRead(ref rest, out ulong {length})", $"{length} > (ulong)rest.Length", .. BoundsOf(extent, length)]);
        context.Cursor.RestMoved();
        EmitContent(part, $"rest[..(int){length}]", $"(int){length}");
        context.Cursor.Advance(part.Content == Content.Span ? $"{part.Local}.Length" : $"(int){length}");
    }

    // The bytes are the rest of the source, or as many of it as a length says if there is one. It is the last part.
    private void EmitPrefixedOrRest(BytesPart part, PrefixExtent extent)
    {
        if (extent.Prefix == Prefix.VarInt && part.Content == Content.Span && !context.IsConditional)
        {
            EmitVarIntPrefixedOrRest(part, extent);
            return;
        }
        context.Cursor.MoveToRest();
        bool isSpan = part.Content == Content.Span;
        string bytes = isSpan ? part.Local : context.Fresh(part.Local + "Bytes");
        string length = context.Fresh(part.Local + "Length");
        context.Code.Line($"{(isSpan ? context.Declare(part.Type, bytes) : $"ReadOnlySpan<byte> {bytes}")} = rest;");
        context.Code.Line($"if ({context.Model.Find(extent.UnlessRest!).Local})");
        context.Code.Open();
        if (extent.Prefix == Prefix.VarInt)
            context.Fail([$"!VarInt.TryRead(ref rest, out ulong {length})", $"{length} > (ulong)rest.Length"]);
        else
        {
            context.Fail([$"rest.Length < {extent.PrefixBytes}"]);
            context.Code.Line($"int {length} = {ReadLength(extent)};");
            context.Code.Line($"rest = rest[{extent.PrefixBytes}..];");
            context.Fail([$"{length} > rest.Length"]);
        }
        context.Code.Line($"{bytes} = rest[..{(extent.Prefix == Prefix.VarInt ? "(int)" : "")}{length}];");
        context.Code.Close();
        context.Cursor.RestMoved();
        if (BoundsOf(extent, bytes + ".Length").ToArray() is { Length: > 0 } bounds)
            context.Fail(bounds);
        if (!isSpan)
            EmitContent(part, bytes, bytes + ".Length");
        context.Cursor.Advance(bytes + ".Length");
    }

    private void EmitVarIntPrefixedOrRest(BytesPart part, PrefixExtent extent)
    {
        Cursor cursor = context.Cursor;
        cursor.Settle();
        string length = context.Fresh(part.Local + "Length");
        string start = context.Fresh("start");
        context.Code.Line($"ReadOnlySpan<byte> {part.Local} = {cursor.Here};");
        context.Code.Line($"consumed = {context.Source}.Length;");
        context.Code.Line($"if ({context.Model.Find(extent.UnlessRest!).Local})");
        context.Code.Open();
        context.Fail([$"!VarInt.TryRead({part.Local}, out ulong {length}, out int {start})", $"{length} > (ulong)({part.Local}.Length - {start})"]);
        context.Code.Line($"consumed = {Expressions.Sum(context.ConsumedSoFar, start, $"(int){length}")};");
        context.Code.Line($"{part.Local} = {part.Local}.Slice({start}, (int){length});");
        context.Code.Close();
        if (BoundsOf(extent, part.Local + ".Length").ToArray() is { Length: > 0 } bounds)
            context.Fail(bounds);
        context.IsConsumedSet = true;
    }

    private void EmitFrom(BytesPart part, FromExtent extent)
    {
        context.Cursor.Settle();
        var counter = (ScalarPart)context.Model.Find(extent.Part);
        bool isWide = counter.Scalar.Raw is "uint" or "ulong";
        string length;
        if (extent is { Map: null, Unit: 1, Bias: 0 })
        {
            length = isWide ? $"(int){counter.Local}" : counter.Local;
            string remaining = context.Cursor.Remaining;
            context.Fail([isWide ? $"{counter.Local} > (ulong){Expressions.Operand(remaining)}" : $"{counter.Local} > {remaining}"]);
        }
        else
        {
            string local = context.Fresh(part.Local + "Length");
            string biased = Expressions.Biased(isWide ? $"(long){counter.Local}" : counter.Local, extent);
            if (isWide && extent.Map is null)
                context.Fail([$"{counter.Local} > int.MaxValue"]);
            context.Code.Line(extent.Map is { } map ? $"int {local} = {map}({Expressions.FromRaw(counter, counter.Local)});"
                : $"{(isWide ? "long" : "int")} {local} = {biased};");
            bool canBeNegative = extent.Map is not null || extent.Bias < -(long)(counter.Between?.Minimum ?? 0);
            context.Fail(canBeNegative ? [$"{local} < 0", $"{local} > {context.Cursor.Remaining}"] : [$"{local} > {context.Cursor.Remaining}"]);
            length = isWide && extent.Map is null ? $"(int){local}" : local;
        }
        EmitContent(part, Expressions.Slice(context.Cursor.Span, context.Cursor.Offset, length), length);
        context.Cursor.Advance(length);
    }

    private string ReadLength(PrefixExtent extent)
    {
        string read = Expressions.Read(extent.PrefixBytes, littleEndian: false, context.Cursor.Span, context.Cursor.Offset);
        return extent.Prefix == Prefix.UInt24 ? $"(int){read}" : read;
    }

    private static IEnumerable<string> BoundsOf(PrefixExtent extent, string length)
    {
        ulong greatest = extent.Prefix switch { Prefix.UInt8 => 0xFFu, Prefix.UInt16 => 0xFFFF, Prefix.UInt24 => 0xFF_FFFF, _ => int.MaxValue };
        if (extent.UnlessRest is not null)
            greatest = int.MaxValue;
        string? outside = Expressions.IsOutside(length, (ulong)extent.Minimum, (ulong)extent.Maximum, greatest);
        return outside is null ? [] : [outside];
    }

    private void EmitContent(BytesPart part, string bytes, string length)
    {
        string target = context.Declare(part.Type, part.Local);
        if (part.Content == Content.Span)
        {
            context.Code.Line($"{target} = {bytes};");
            return;
        }
        if (part.Content != Content.Nested)
        {
            context.Fail([$"!{part.Type}.TryParse({bytes}, out {target})"]);
            return;
        }
        string read = context.Fresh(part.Local + "Read");
        context.Fail([$"!{part.Type}.TryParse({bytes}, out {target}, out int {read})", $"{read} != {length}"]);
    }
}
