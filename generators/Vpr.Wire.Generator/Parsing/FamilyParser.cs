using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>Reads a family's declaration and gathers its members.</summary>
internal static class FamilyParser
{
    public static Parsed<FamilyDeclaration> Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var symbol = (INamedTypeSymbol)context.TargetSymbol;
        var declaration = new Declaration(symbol, (TypeDeclarationSyntax)context.TargetNode);
        Envelope? envelope = EnvelopeOf(symbol);
        if (!declaration.IsTopLevelPartial)
            declaration.Report(Diagnostics.NotPartial, declaration.Location, symbol.Name);
        else if (envelope is null)
            declaration.Report(Diagnostics.NotAFamily, declaration.Location, symbol.Name);
        else if (envelope.IsExternal && envelope.HasLength)
            declaration.Report(Diagnostics.MisplacedAttribute, declaration.Location, "Length", symbol.Name);
        FamilyDeclaration? model = declaration.HasErrors ? null : new FamilyDeclaration(symbol.ToDisplayString(),
            declaration.Namespace, symbol.Name, SyntaxFacts.GetText(symbol.DeclaredAccessibility), envelope!);
        return new Parsed<FamilyDeclaration>(model, declaration.Diagnostics);
    }

    /// <summary>What stands in front of a member's body; null if the class is no family.</summary>
    public static Envelope? EnvelopeOf(INamedTypeSymbol symbol) =>
        symbol.IsStatic && Annotations.Find(symbol, "WireFamily") is { } family
            ? new Envelope(
                (TypeEncoding)Annotations.ToNumber(Annotations.Argument(family, 0)),
                (Prefix)Annotations.ToNumber(Annotations.Named(family, "Length")),
                Annotations.Named(family, "ShortestType") is true)
            : null;

    /// <summary>A structure as each of its families sees it.</summary>
    public static IEnumerable<FamilyMember> MembersOf(StructModel structure) => structure.Families.Select(family =>
        new FamilyMember(family, structure.Namespace, structure.Name, structure.Membership!.Type, structure.Membership.Flags));

    /// <summary>Puts a family and its members together.</summary>
    public static FamilyModel Gather(FamilyDeclaration declaration, IEnumerable<FamilyMember> members) => new(declaration, members
        .Where(member => member.Key == declaration.Key)
        .OrderBy(member => member.Type).ThenBy(member => member.Name, StringComparer.Ordinal)
        .ToEquatableArray());
}
