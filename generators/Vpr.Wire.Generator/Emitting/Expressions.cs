using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>How values are spelled in emitted code.</summary>
internal static class Expressions
{
    /// <summary>The integer of this width at the beginning of a span.</summary>
    public static string Read(int bytes, bool littleEndian, string span, int offset) => bytes switch
    {
        1 => $"{span}[{offset}]",
        3 or 5 or 6 or 7 => $"WideInteger.ReadUInt{bytes * 8}({From(span, offset)})",
        _ => $"BinaryPrimitives.ReadUInt{bytes * 8}{Endianness(littleEndian)}({From(span, offset)})",
    };

    /// <summary>The statement that writes an integer of this width.</summary>
    public static string Write(int bytes, bool littleEndian, string span, int offset, string value) => bytes switch
    {
        1 => $"{span}[{offset}] = {value};",
        3 or 5 or 6 or 7 => $"WideInteger.WriteUInt{bytes * 8}({From(span, offset)}, {value});",
        _ => $"BinaryPrimitives.WriteUInt{bytes * 8}{Endianness(littleEndian)}({From(span, offset)}, {value});",
    };

    /// <summary>The type that <see cref="Read"/> returns.</summary>
    public static string TypeOf(int bytes) => bytes switch
    {
        1 => "byte",
        2 => "ushort",
        3 or 4 => "uint",
        16 => "UInt128",
        _ => "ulong",
    };

    /// <summary>A span from an offset on.</summary>
    public static string From(string span, int offset) => offset == 0 ? span : $"{span}[{offset}..]";

    public static string From(string span, string offset) => offset switch
    {
        "0" => span,
        _ when offset.Contains(" + ") => $"{span}[({offset})..]",
        _ => $"{span}[{offset}..]",
    };

    /// <summary>Some bytes of a span.</summary>
    public static string Slice(string span, int offset, string length) =>
        offset == 0 ? $"{span}[..{length}]" : $"{span}.Slice({offset}, {length})";

    public static string Sum(params string[] terms)
    {
        string sum = string.Join(" + ", terms.Where(term => term is not "0" and not ""));
        return sum.Length == 0 ? "0" : sum;
    }

    /// <summary>A number as a reader of the RFC expects it: small ones in decimal.</summary>
    public static string Literal(ulong value) => value < 10 ? value.ToString() : $"0x{value:X}";

    /// <summary>A bound: a mask in hexadecimal, a count in decimal.</summary>
    public static string Bound(ulong value) => value >= 255 && (value & (value + 1)) == 0 ? $"0x{value:X}" : value.ToString();

    /// <summary>An expression that stands in an operand's place.</summary>
    public static string Operand(string expression) => expression.Contains(' ') ? $"({expression})" : expression;

    public static string Hex(ulong value) => $"0x{value:X2}";

    /// <summary>The typed value made of the integer in a local.</summary>
    public static string FromRaw(ScalarPart part, string raw) => part.Scalar.Shape switch
    {
        ScalarShape.Enum => $"({part.Type}){raw}",
        ScalarShape.Wrapper => $"new {part.Type}({raw})",
        _ => raw,
    };

    /// <summary>The integer that a property holds.</summary>
    public static string ToRaw(ScalarPart part) => part.Scalar.Shape switch
    {
        ScalarShape.Enum => $"({part.Scalar.Raw}){part.Name}",
        ScalarShape.Wrapper => $"{part.Name}.{part.Scalar.Inner}",
        _ => part.Name,
    };

    /// <summary>Whether an integer that stands in an expression is out of bounds; null where it cannot be.</summary>
    public static string? IsOutside(string value, ulong minimum, ulong maximum, ulong greatest) => (minimum, maximum) switch
    {
        (0, _) when maximum >= greatest => null,
        (0, _) => $"{value} > {Bound(maximum)}",
        _ when maximum >= greatest => $"{value} < {Bound(minimum)}",
        _ => $"{value} is < {Bound(minimum)} or > {Bound(maximum)}",
    };

    /// <summary>The greatest value of some bits.</summary>
    public static ulong Greatest(int bits) => bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;

    /// <summary>Whether a conditional part is present, by a local in the parser or by a property in the writer.</summary>
    public static string IsPresent(StructModel model, Condition when, bool inParser)
    {
        var part = (ScalarPart)model.Find(when.Part);
        string value = inParser ? part.Local : ToRaw(part);
        if (part.Scalar.Shape == ScalarShape.Bool)
            return when.Value != 0 ? value : "!" + value;
        return $"{value} == {Literal(when.Value)}";
    }

    /// <summary>(part + bias) × unit without needless operations.</summary>
    public static string Biased(string part, FromExtent extent)
    {
        string biased = extent.Bias switch
        {
            0 => part,
            < 0 => $"{part} - {-extent.Bias}",
            _ => $"{part} + {extent.Bias}",
        };
        return extent.Unit == 1 ? biased : extent.Bias == 0 ? $"{biased} * {extent.Unit}" : $"({biased}) * {extent.Unit}";
    }

    private static string Endianness(bool little) => little ? "LittleEndian" : "BigEndian";
}
