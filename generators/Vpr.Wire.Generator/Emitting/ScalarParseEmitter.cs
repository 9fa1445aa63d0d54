using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits the statements that read integers and bit fields at known places.</summary>
internal sealed class ScalarParseEmitter(ParseContext context)
{
    public void Emit(IntegerUnit unit)
    {
        string read = Expressions.Read(unit.Bytes, context.Model.LittleEndian, context.Cursor.Span, context.Cursor.Offset);
        context.Cursor.Advance(unit.Bytes);
        Take(unit.Part, read);
    }

    public void Emit(BitsUnit unit)
    {
        string read = Expressions.Read(unit.Bytes, littleEndian: false, context.Cursor.Span, context.Cursor.Offset);
        string word = read;
        string type = Expressions.TypeOf(unit.Bytes);
        if (unit.Fields.Length > 1)
        {
            word = context.Fresh((unit.Bytes == 1 ? "octet" : "word") + (context.Cursor.IsInRest ? "" : context.Cursor.Offset.ToString()));
            context.Code.Line($"{type} {word} = {read};");
        }
        context.Cursor.Advance(unit.Bytes);
        int shift = unit.Bytes * 8;
        foreach (ScalarPart field in unit.Fields)
        {
            shift -= field.Bits;
            if (context.IsOnlyCompared(field) && field.Scalar.Shape != ScalarShape.Bool)
                context.Check(ChecksOf(field, Bits(field, word, shift, unit.Bytes * 8)));
            else
                Take(field, Extract(field, word, type, shift, unit.Bytes * 8));
        }
    }

    private static string Extract(ScalarPart field, string word, string type, int shift, int width)
    {
        ulong greatest = Expressions.Greatest(field.Bits);
        if (field.Scalar.Shape == ScalarShape.Bool)
            return $"({word} & {Expressions.Hex(greatest << shift)}) != 0";
        string bits = Bits(field, word, shift, width);
        // An octet or a ushort becomes an int by shifting; wider words keep their type.
        string computed = bits == word ? type : type is "byte" or "ushort" ? "int" : type;
        return computed == field.Scalar.Raw ? bits : bits == word ? $"({field.Scalar.Raw}){bits}" : $"({field.Scalar.Raw})({bits})";
    }

    private static string Bits(ScalarPart field, string word, int shift, int width)
    {
        string bits = shift == 0 ? word : $"{word} >> {shift}";
        bool isTop = shift + field.Bits == width;
        return isTop ? bits : $"{bits} & {Expressions.Literal(Expressions.Greatest(field.Bits))}";
    }

    private void Take(ScalarPart part, string read)
    {
        if (!context.IsOnlyCompared(part))
            context.Code.Line($"{context.Declare(part.Scalar.Raw, part.Local)} = {read};");
        context.Check(ChecksOf(part, context.IsOnlyCompared(part) ? read : part.Local));
    }

    /// <summary>The tests that a value must not pass.</summary>
    public static IEnumerable<string> ChecksOf(ScalarPart part, string value)
    {
        if (part.Constant is { } constant)
        {
            if (part.Scalar.Shape != ScalarShape.Bool)
                yield return $"{(value.Contains('&') ? Expressions.Operand(value) : value)} != {Expressions.Literal(constant)}";
            else
                yield return constant == 0 ? value : value == part.Local ? $"!{value}" : value.Replace("!= 0", "== 0");
        }
        else if (part.Between is { } bounds
            && Expressions.IsOutside(value, bounds.Minimum, bounds.Maximum, Expressions.Greatest(part.Bits)) is { } outside)
        {
            yield return outside;
        }
    }
}
