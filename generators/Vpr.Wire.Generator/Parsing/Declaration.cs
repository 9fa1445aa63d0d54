using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>What is asked of the declaration of a structure or family, and the diagnostics found on the way.</summary>
internal sealed class Declaration(INamedTypeSymbol symbol, TypeDeclarationSyntax syntax)
{
    private readonly List<DiagnosticInfo> _diagnostics = [];

    public INamedTypeSymbol Symbol => symbol;

    public Location Location => syntax.Identifier.GetLocation();

    public bool HasErrors => _diagnostics.Count > 0;

    public EquatableArray<DiagnosticInfo> Diagnostics => _diagnostics.ToEquatableArray();

    public string Namespace => NamespaceOf(symbol);

    /// <summary>The primary constructor, if it has parameters.</summary>
    public IMethodSymbol? PrimaryConstructor => syntax.ParameterList is { Parameters.Count: > 0 } list
        ? symbol.InstanceConstructors.FirstOrDefault(constructor =>
            constructor.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == list.SyntaxTree && reference.Span == syntax.Span))
        : null;

    public bool IsTopLevelPartial =>
        syntax.Modifiers.Any(SyntaxKind.PartialKeyword) && symbol.ContainingType is null && !symbol.IsGenericType;

    public void Report(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        _diagnostics.Add(new DiagnosticInfo(descriptor, LocationInfo.From(location), arguments.ToEquatableArray()));

    /// <summary>A type's name as a reader would write it here: short where the namespace in use allows that.</summary>
    public string NameOf(ITypeSymbol type)
    {
        if (type.SpecialType is not SpecialType.None and not SpecialType.System_Enum)
            return type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        string arguments = type is INamedTypeSymbol { TypeArguments: { Length: > 0 } list }
            ? "<" + string.Join(", ", list.Select(NameOf)) + ">"
            : "";
        string space = NamespaceOf(type);
        bool inScope = type.ContainingType is null
            && (space is "" or "System" or "Vpr.Wire" || Namespace == space || Namespace.StartsWith(space + ".", StringComparison.Ordinal));
        string container = type.ContainingType is { } outer ? NameOf(outer) + "." : inScope ? "" : $"global::{space}.";
        return container + type.Name + arguments;
    }

    private static string NamespaceOf(ITypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() : "";
}
