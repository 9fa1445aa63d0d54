using Microsoft.CodeAnalysis;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>Reads where the bytes of a span, list or nested structure end.</summary>
internal sealed class ExtentParser(Declaration declaration, List<Part> earlier)
{
    /// <summary>The extent; null where there is none or where it makes no sense.</summary>
    public Extent? Parse(PartSyntax part, Content content)
    {
        Annotations annotations = part.Annotations;
        foreach (string second in annotations.Extents.Skip(1))
            declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf(second), second, part.Name);
        switch (annotations.Extents.FirstOrDefault())
        {
            case "Length":
                int bytes = unchecked((int)annotations.Number("Length"));
                if (bytes < 0)
                    declaration.Report(Diagnostics.BadBounds, annotations.LocationOf("Length"), part.Name, "0", bytes.ToString());
                return new FixedExtent(bytes);
            case "LengthPrefix":
                return ParsePrefix(part);
            case "LengthFrom":
                return ParseFrom(part);
            case "CountFrom" when content == Content.List:
                return new CountExtent(Reference(part, "CountFrom"));
            case "CountFrom":
                declaration.Report(Diagnostics.MisplacedAttribute, annotations.LocationOf("CountFrom"), "CountFrom", part.Name);
                return null;
            case "Rest":
                return new RestExtent();
            default:
                if (content == Content.Nested)
                    return new NaturalExtent();
                declaration.Report(Diagnostics.NoLength, part.Location, part.Name);
                return null;
        }
    }

    private PrefixExtent? ParsePrefix(PartSyntax part)
    {
        Annotations annotations = part.Annotations;
        var extent = new PrefixExtent(
            (Prefix)annotations.Number("LengthPrefix"),
            annotations.NamedInt("LengthPrefix", "Min", 0),
            annotations.NamedInt("LengthPrefix", "Max", int.MaxValue),
            annotations.Named("LengthPrefix", "UnlessRest") as string);
        Location? location = annotations.LocationOf("LengthPrefix");
        if (extent.Prefix == Prefix.None)
        {
            declaration.Report(Diagnostics.MisplacedAttribute, location, "Prefix.None", part.Name);
            return null;
        }
        if (extent.Minimum > extent.Most)
            declaration.Report(Diagnostics.BadBounds, location, part.Name, extent.Minimum.ToString(), extent.Most.ToString());
        if (extent.UnlessRest is { } flag && Find(flag) is not { Scalar.Shape: ScalarShape.Bool })
            declaration.Report(Diagnostics.BadReference, location, flag, "bool part", declaration.Symbol.Name);
        return extent;
    }

    private FromExtent ParseFrom(PartSyntax part)
    {
        Annotations annotations = part.Annotations;
        string? map = annotations.Named("LengthFrom", "Map") as string;
        bool mapExists = map is null || declaration.Symbol.GetMembers(map).OfType<IMethodSymbol>()
            .Any(method => method is { IsStatic: true, Parameters.Length: 1, ReturnType.SpecialType: SpecialType.System_Int32 });
        if (!mapExists)
        {
            declaration.Report(Diagnostics.BadMethod, annotations.LocationOf("LengthFrom"),
                declaration.Symbol.Name, "static method of one parameter that returns int", map!);
        }
        return new FromExtent(Reference(part, "LengthFrom"), annotations.NamedInt("LengthFrom", "Unit", 1), annotations.NamedInt("LengthFrom", "Bias", 0), map);
    }

    private string Reference(PartSyntax part, string attribute)
    {
        string target = part.Annotations.Argument(attribute) as string ?? "";
        if (Find(target) is null or { Scalar.Shape: ScalarShape.Bool } or { Scalar.Width: 128 })
            declaration.Report(Diagnostics.BadReference, part.Annotations.LocationOf(attribute), target, "integer part", declaration.Symbol.Name);
        return target;
    }

    private ScalarPart? Find(string name) =>
        earlier.OfType<ScalarPart>().FirstOrDefault(candidate => candidate.Name == name && candidate.When is null);
}
