using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>The outcome of reading a declaration: a model, or what is wrong with it.</summary>
/// <param name="Members">The places in families, for the check of types that a structure cannot make alone.</param>
internal sealed record Parsed<T>(T? Model, EquatableArray<DiagnosticInfo> Diagnostics, EquatableArray<MemberPlace> Members = default)
    where T : class, IEquatable<T>;

/// <summary>Reads a structure's declaration.</summary>
internal static class StructParser
{
    public static Parsed<StructModel> Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var symbol = (INamedTypeSymbol)context.TargetSymbol;
        var syntax = (TypeDeclarationSyntax)context.TargetNode;
        var declaration = new Declaration(symbol, syntax);
        if (!declaration.IsTopLevelPartial)
            declaration.Report(Diagnostics.NotPartial, declaration.Location, symbol.Name);
        if (!symbol.IsReadOnly || !(symbol.IsRecord || symbol.IsRefLikeType))
            declaration.Report(Diagnostics.NotReadOnly, declaration.Location, symbol.Name);

        AttributeData format = context.Attributes[0];
        bool littleEndian = Annotations.Named(format, "LittleEndian") is true;
        Membership? membership = MembershipParser.Parse(declaration, out EquatableArray<string> families);
        IMethodSymbol? constructor = declaration.PrimaryConstructor;
        List<Part> parts = ParseParts(declaration, constructor, membership, littleEndian, cancellation);
        string? valid = ParseValid(declaration, format);

        if (parts.Count == 0 && membership is null && !declaration.HasErrors)
            declaration.Report(Diagnostics.NoParts, declaration.Location, symbol.Name);
        if (membership is not null)
            MembershipParser.CheckFlags(declaration, membership, parts);
        StructModel? model = declaration.HasErrors ? null : new StructModel(
            declaration.Namespace, symbol.Name, symbol.IsRecord, symbol.IsRefLikeType, constructor is not null, littleEndian, valid,
            parts.ToEquatableArray(), membership, families);
        EquatableArray<MemberPlace> places = model is null ? default : FamilyParser.MembersOf(model)
            .Zip(Annotations.All(symbol, "MemberOf"), (member, attribute) => new MemberPlace(member, LocationInfo.From(Annotations.LocationOf(attribute))))
            .ToEquatableArray();
        return new Parsed<StructModel>(model, declaration.Diagnostics, places);
    }

    private static List<Part> ParseParts(
        Declaration declaration, IMethodSymbol? constructor, Membership? membership, bool littleEndian, CancellationToken cancellation)
    {
        var names = new LocalNames();
        var parser = new PartParser(declaration, names, membership, littleEndian);
        IPropertySymbol[] properties = [.. declaration.Symbol.GetMembers().OfType<IPropertySymbol>()];
        if (constructor is not null)
        {
            foreach (IParameterSymbol parameter in constructor.Parameters)
            {
                cancellation.ThrowIfCancellationRequested();
                IPropertySymbol? property = properties.FirstOrDefault(candidate => candidate.Name == parameter.Name);
                parser.Add(parameter.Name, parameter.Type, new Annotations(parameter, property), parameter.Locations[0], isSettable: true);
            }
        }
        foreach (IPropertySymbol property in properties.Where(property => !property.IsStatic && !property.IsIndexer))
        {
            cancellation.ThrowIfCancellationRequested();
            if (constructor?.Parameters.Any(parameter => parameter.Name == property.Name) == true)
                continue;
            var annotations = new Annotations(property);
            if (!annotations.Any && property.SetMethod is null)
                continue;
            if (constructor is not null)
                declaration.Report(Diagnostics.MisplacedAttribute, property.Locations[0], "A part outside the primary constructor", property.Name);
            else
                parser.Add(property.Name, property.Type, annotations, property.Locations[0], property.SetMethod is not null);
        }
        parser.Finish();
        return parser.Parts;
    }

    private static string? ParseValid(Declaration declaration, AttributeData format)
    {
        if (Annotations.Named(format, "Valid") is not string name)
            return null;
        bool exists = declaration.Symbol.GetMembers(name).OfType<IPropertySymbol>()
            .Any(property => property is { IsStatic: false, Type.SpecialType: SpecialType.System_Boolean });
        if (!exists)
            declaration.Report(Diagnostics.BadMethod, Annotations.LocationOf(format), declaration.Symbol.Name, "bool property", name);
        return name;
    }
}
