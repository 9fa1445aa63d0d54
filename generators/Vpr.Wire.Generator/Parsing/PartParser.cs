using Microsoft.CodeAnalysis;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>Reads the parts of a structure in order, each in the light of those before it.</summary>
internal sealed class PartParser(Declaration declaration, LocalNames names, Membership? membership, bool littleEndian)
{
    private string? _openEnded;
    private int _bits;
    private (string Name, Location Location, Condition? When) _lastBits;

    public List<Part> Parts { get; } = [];

    public void Add(string name, ITypeSymbol type, Annotations annotations, Location location, bool isSettable)
    {
        var part = new PartSyntax(name, type, annotations, location, isSettable);
        if (!isSettable && !annotations.Has("Constant"))
            declaration.Report(Diagnostics.NotSettable, location, name);
        if (_openEnded is not null && !annotations.Has("TypeBit"))
            declaration.Report(Diagnostics.RestNotLast, location, _openEnded, name);
        Condition? when = ParseCondition(part);
        Part? parsed = TypeClassifier.Scalar(type) is { } scalar ? ParseScalar(part, scalar, when)
            : TypeClassifier.Bytes(type) is { } content ? ParseBytes(part, content, when)
            : Unsupported(part);
        TrackBits(parsed, location);
        if (parsed is not null)
            Parts.Add(parsed);
    }

    /// <summary>Says that there is no further part.</summary>
    public void Finish() => EndBits();

    private Part? Unsupported(PartSyntax part)
    {
        declaration.Report(Diagnostics.UnsupportedType, part.Location, part.Name, part.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
        return null;
    }

    private ScalarPart? ParseScalar(PartSyntax part, ScalarType scalar, Condition? when)
    {
        Annotations annotations = part.Annotations;
        foreach (string extent in annotations.Extents)
            declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf(extent), extent, part.Name);
        foreach (string second in annotations.Encodings.Skip(1))
            declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf(second), second, part.Name);

        (ScalarEncoding encoding, int bits) = annotations.Encodings.FirstOrDefault() switch
        {
            "VarInt" => (ScalarEncoding.VarInt, 62),
            "UInt" => (ScalarEncoding.Fixed, (int)annotations.Number("UInt")),
            "Bits" => (ScalarEncoding.Bits, (int)annotations.Number("Bits")),
            "TypeBit" => (ScalarEncoding.TypeBit, 1),
            _ => scalar.Shape == ScalarShape.Bool ? (ScalarEncoding.Bits, 1) : (ScalarEncoding.Fixed, scalar.Width),
        };
        CheckWidth(part, scalar, encoding, bits);
        ulong mask = 0;
        if (encoding == ScalarEncoding.TypeBit)
        {
            mask = annotations.Number("TypeBit");
            if (membership is null || scalar.Shape != ScalarShape.Bool || when is not null)
                declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf("TypeBit"), "TypeBit", part.Name);
        }
        return new ScalarPart(part.Name, names.Take(part.Name), declaration.NameOf(part.Type), when, part.IsSettable,
            scalar, encoding, bits, mask, ParseConstant(part, bits), ParseBounds(part, scalar, bits));
    }

    private void CheckWidth(PartSyntax part, ScalarType scalar, ScalarEncoding encoding, int bits)
    {
        bool possible = encoding switch
        {
            ScalarEncoding.VarInt => scalar.Raw == "ulong",
            ScalarEncoding.Fixed => bits % 8 == 0 && bits > 0 && bits <= scalar.Width && (bits <= 64 || bits == 128) && scalar.Shape != ScalarShape.Bool,
            ScalarEncoding.Bits => bits is > 0 and <= 64 && bits <= scalar.Width,
            _ => true,
        };
        Location location = part.Annotations.LocationOf(part.Annotations.Encodings.FirstOrDefault() ?? "") ?? part.Location;
        if (!possible)
            declaration.Report(Diagnostics.BadWidth, location, bits.ToString(), part.Name, part.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
        else if (littleEndian && encoding == ScalarEncoding.Fixed && bits is 24 or 40 or 48 or 56)
            declaration.Report(Diagnostics.BigEndianOnly, location, part.Name);
    }

    private ulong? ParseConstant(PartSyntax part, int bits)
    {
        if (!part.Annotations.Has("Constant"))
            return null;
        ulong value = part.Annotations.Number("Constant");
        CheckFits(part, "Constant", value, bits);
        return value;
    }

    private Bounds? ParseBounds(PartSyntax part, ScalarType scalar, int bits)
    {
        Annotations annotations = part.Annotations;
        if (!annotations.Has("Between"))
            return null;
        var bounds = new Bounds(annotations.Number("Between"), annotations.Number("Between", 1));
        if (scalar.Shape == ScalarShape.Bool || scalar.Width > 64 || annotations.Has("Constant"))
            declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf("Between"), "Between", part.Name);
        else if (bounds.Minimum > bounds.Maximum)
            declaration.Report(Diagnostics.BadBounds, annotations.LocationOf("Between"), part.Name, bounds.Minimum.ToString(), bounds.Maximum.ToString());
        else
            CheckFits(part, "Between", bounds.Maximum, bits);
        return bounds;
    }

    private void CheckFits(PartSyntax part, string attribute, ulong value, int bits)
    {
        if (bits < 64 && value >> bits != 0)
            declaration.Report(Diagnostics.ValueDoesNotFit, part.Annotations.LocationOf(attribute), value.ToString(), bits.ToString(), part.Name);
    }

    private BytesPart? ParseBytes(PartSyntax part, Content content, Condition? when)
    {
        Annotations annotations = part.Annotations;
        foreach (string misplaced in annotations.Encodings.Concat(new[] { "Constant", "Between" }.Where(annotations.Has)))
            declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf(misplaced), misplaced, part.Name);
        if (content != Content.Nested && !declaration.Symbol.IsRefLikeType)
            declaration.Report(Diagnostics.SpanOutsideRefStruct, part.Location, part.Name, declaration.Symbol.Name);
        if (content == Content.ScalarList && littleEndian)
            declaration.Report(Diagnostics.BigEndianOnly, part.Location, part.Name);
        Extent? extent = new ExtentParser(declaration, Parts).Parse(part, content);
        if (extent is RestExtent or PrefixExtent { UnlessRest: not null }
            || extent is NaturalExtent && TypeClassifier.RunsToTheEnd(part.Type))
        {
            _openEnded = part.Name;
        }
        return extent is null ? null : new BytesPart(
            part.Name, names.Take(part.Name), declaration.NameOf(part.Type), when, part.IsSettable, content, extent);
    }

    private Condition? ParseCondition(PartSyntax part)
    {
        if (!part.Annotations.Has("When"))
            return null;
        string target = part.Annotations.Argument("When") as string ?? "";
        object expected = part.Annotations.Named("When", "Is") ?? true;
        Part? earlier = Parts.FirstOrDefault(candidate => candidate.Name == target && candidate.When is null);
        bool matches = earlier is ScalarPart { Scalar: var scalar } && scalar.Shape == ScalarShape.Bool == expected is bool;
        if (!matches)
        {
            declaration.Report(Diagnostics.BadReference, part.Annotations.LocationOf("When"), target,
                expected is bool ? "bool part" : "integer part", declaration.Symbol.Name);
        }
        return new Condition(target, Annotations.ToNumber(expected));
    }

    // Neighbouring bit fields make up whole bytes; those of different conditions are not neighbours.
    private void TrackBits(Part? part, Location location)
    {
        if (part is ScalarPart { Encoding: ScalarEncoding.TypeBit })
            return;
        if (part is not ScalarPart { Encoding: ScalarEncoding.Bits } field || _bits > 0 && field.When != _lastBits.When)
            EndBits();
        if (part is not ScalarPart { Encoding: ScalarEncoding.Bits, Bits: var width })
            return;
        _bits += width;
        _lastBits = (part.Name, location, part.When);
        if (_bits > 64)
            EndBits();
        else if (littleEndian && _bits % 8 == 0 && _bits > 8)
            declaration.Report(Diagnostics.BigEndianOnly, location, part.Name);
        if (_bits % 8 == 0)
            _bits = 0;
    }

    private void EndBits()
    {
        if (_bits > 0)
            declaration.Report(Diagnostics.UnevenBits, _lastBits.Location, _lastBits.Name, _bits.ToString());
        _bits = 0;
    }
}

/// <summary>A part as declared.</summary>
internal sealed record PartSyntax(string Name, ITypeSymbol Type, Annotations Annotations, Location Location, bool IsSettable);
