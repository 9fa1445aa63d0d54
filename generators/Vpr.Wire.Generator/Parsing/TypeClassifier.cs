using Microsoft.CodeAnalysis;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>Tells what a part's type can be on the wire.</summary>
internal static class TypeClassifier
{
    /// <summary>The integer, enum, wrapper or flag that a type is; null if it is none.</summary>
    public static ScalarType? Scalar(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Boolean)
            return new ScalarType("bool", 1, ScalarShape.Bool, null);
        if (Integer(type) is var (raw, width))
            return new ScalarType(raw, width, ScalarShape.Plain, null);
        if (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying })
            return Integer(underlying) is var (rawEnum, widthEnum) ? new ScalarType(rawEnum, widthEnum, ScalarShape.Enum, null) : null;
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct } wrapper || Annotations.Find(wrapper, "WireScalar") is null)
            return null;
        IParameterSymbol? only = wrapper.InstanceConstructors
            .Where(constructor => constructor.Parameters.Length == 1 && !constructor.IsImplicitlyDeclared)
            .Select(constructor => constructor.Parameters[0])
            .FirstOrDefault(parameter => wrapper.GetMembers(parameter.Name).OfType<IPropertySymbol>().Any());
        return only is not null && Integer(only.Type) is var (rawInner, widthInner)
            ? new ScalarType(rawInner, widthInner, ScalarShape.Wrapper, only.Name)
            : null;
    }

    /// <summary>The span, list or nested structure that a type is; null if it is none.</summary>
    public static Content? Bytes(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { Name: "ReadOnlySpan", ContainingNamespace.Name: "System", TypeArguments.Length: 1 } span
            when span.TypeArguments[0].SpecialType == SpecialType.System_Byte => Content.Span,
        INamedTypeSymbol { Name: "WireList", TypeArguments.Length: 1 } list when Annotations.IsWire(list.ContainingNamespace) => Content.List,
        INamedTypeSymbol { Name: "WireScalarList", TypeArguments.Length: 1 } list
            when Annotations.IsWire(list.ContainingNamespace) && Scalar(list.TypeArguments[0]) is not null and not { Shape: ScalarShape.Bool } => Content.ScalarList,
        INamedTypeSymbol { TypeKind: TypeKind.Struct } nested when Annotations.Find(nested, "WireFormat") is not null => Content.Nested,
        _ => null,
    };

    /// <summary>Whether a nested structure takes whatever follows it.</summary>
    public static bool RunsToTheEnd(ITypeSymbol nested) => nested.GetMembers()
        .SelectMany(member => member is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
            ? constructor.Parameters.Cast<ISymbol>()
            : [member])
        .Any(member => Annotations.Find(member, "Rest") is not null
            || Annotations.Find(member, "LengthPrefix") is { } prefix && Annotations.Named(prefix, "UnlessRest") is not null);

    private static (string Raw, int Width)? Integer(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Byte => ("byte", 8),
        SpecialType.System_UInt16 => ("ushort", 16),
        SpecialType.System_UInt32 => ("uint", 32),
        SpecialType.System_UInt64 => ("ulong", 64),
        _ => type is { Name: "UInt128", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
            ? ("UInt128", 128)
            : null,
    };
}
