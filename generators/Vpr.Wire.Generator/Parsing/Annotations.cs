using Microsoft.CodeAnalysis;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>The attributes of <c>Vpr.Wire</c> on one symbol, by name without the suffix.</summary>
internal sealed class Annotations
{
    private static readonly string[] ExtentNames = ["Length", "LengthPrefix", "LengthFrom", "CountFrom", "Rest"];
    private static readonly string[] EncodingNames = ["UInt", "VarInt", "Bits", "TypeBit"];

    private readonly Dictionary<string, AttributeData> _attributes = [];

    /// <summary>Reads the attributes of a property and of the primary constructor's parameter that it comes from.</summary>
    public Annotations(params ISymbol?[] symbols)
    {
        foreach (AttributeData attribute in symbols.SelectMany(symbol => symbol?.GetAttributes() ?? []))
        {
            if (attribute.AttributeClass is { } type && IsWire(type.ContainingNamespace) && type.Name.EndsWith("Attribute", StringComparison.Ordinal))
                _attributes[type.Name.Substring(0, type.Name.Length - "Attribute".Length)] = attribute;
        }
    }

    /// <summary>Whether there is any.</summary>
    public bool Any => _attributes.Count > 0;

    /// <summary>The attributes that say where bytes end.</summary>
    public IEnumerable<string> Extents => ExtentNames.Where(_attributes.ContainsKey);

    /// <summary>The attributes that say how a scalar is written.</summary>
    public IEnumerable<string> Encodings => EncodingNames.Where(_attributes.ContainsKey);

    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <summary>The value of the constructor's only argument.</summary>
    public object? Argument(string name) =>
        _attributes.TryGetValue(name, out AttributeData? attribute) ? Argument(attribute, 0) : null;

    public ulong Number(string name, int index = 0) => ToNumber(Argument(_attributes[name], index));

    public object? Named(string name, string property) => Named(_attributes[name], property);

    public int NamedInt(string name, string property, int otherwise) => Named(name, property) as int? ?? otherwise;

    public Location? LocationOf(string name) =>
        _attributes.TryGetValue(name, out AttributeData? attribute) ? LocationOf(attribute) : null;

    public static object? Argument(AttributeData attribute, int index) =>
        index < attribute.ConstructorArguments.Length ? attribute.ConstructorArguments[index].Value : null;

    public static object? Named(AttributeData attribute, string property) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == property).Value.Value;

    public static Location? LocationOf(AttributeData attribute) =>
        attribute.ApplicationSyntaxReference is { } reference ? reference.SyntaxTree.GetLocation(reference.Span) : null;

    /// <summary>The bits of an argument of any integer type, of an enum's underlying value or of a bool.</summary>
    public static ulong ToNumber(object? value) => value switch
    {
        bool flag => flag ? 1u : 0u,
        byte number => number,
        ushort number => number,
        uint number => number,
        ulong number => number,
        sbyte number => unchecked((ulong)number),
        short number => unchecked((ulong)number),
        int number => unchecked((ulong)number),
        long number => unchecked((ulong)number),
        char number => number,
        _ => 0,
    };

    public static AttributeData? Find(ISymbol symbol, string name) => All(symbol, name).FirstOrDefault();

    public static IEnumerable<AttributeData> All(ISymbol symbol, string name) => symbol.GetAttributes()
        .Where(attribute => attribute.AttributeClass is { } type && type.Name == name + "Attribute" && IsWire(type.ContainingNamespace));

    public static bool IsWire(INamespaceSymbol? space) =>
        space is { Name: "Wire", ContainingNamespace: { Name: "Vpr", ContainingNamespace.IsGlobalNamespace: true } };
}
