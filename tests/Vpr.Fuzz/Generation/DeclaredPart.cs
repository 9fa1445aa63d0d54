using System.Reflection;

namespace Vpr.Fuzz.Generation;

/// <summary>What kind of thing a part is.</summary>
internal enum PartKind
{
    /// <summary>An integer or flag.</summary>
    Scalar,

    /// <summary>A span of bytes.</summary>
    Span,

    /// <summary>A list of structures.</summary>
    List,

    /// <summary>A list of integers.</summary>
    ScalarList,

    /// <summary>One structure.</summary>
    Nested,
}

/// <summary>One part of a structure as its declaration's attributes give it.</summary>
internal sealed class DeclaredPart
{
    public required string Name { get; init; }
    public required PartKind Kind { get; init; }

    /// <summary>The element's or nested structure's type.</summary>
    public Type? Structure { get; init; }

    /// <summary>Width in bits on the wire; for a scalar list, of an element.</summary>
    public int Width { get; init; }

    public VarIntAttribute? VarInt { get; init; }
    public BitsAttribute? Bits { get; init; }
    public TypeBitAttribute? TypeBit { get; init; }
    public ConstantAttribute? Constant { get; init; }
    public BetweenAttribute? Between { get; init; }
    public WhenAttribute? When { get; init; }
    public LengthAttribute? Length { get; init; }
    public LengthPrefixAttribute? LengthPrefix { get; init; }
    public LengthFromAttribute? LengthFrom { get; init; }
    public CountFromAttribute? CountFrom { get; init; }
    public bool Rest { get; init; }

    /// <summary>The parts of a structure in the order of the wire.</summary>
    public static DeclaredPart[] Of(Type type)
    {
        const BindingFlags instance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        ConstructorInfo? primary = type.GetConstructors().Where(constructor => constructor.GetParameters().Length > 0).MaxBy(constructor => constructor.GetParameters().Length);
        if (!type.IsByRefLike && primary is not null)
            return [.. primary.GetParameters().Select(parameter => Create(parameter.Name!, parameter.ParameterType, parameter, type.GetProperty(parameter.Name!)!))];
        if (!type.IsByRefLike)
            return [];
        return
        [
            .. type.GetProperties(instance)
                .OrderBy(property => property.MetadataToken)
                .Where(property => property.SetMethod is not null || property.IsDefined(typeof(ConstantAttribute)))
                .Select(property => Create(property.Name, property.PropertyType, property)),
        ];
    }

    // An attribute of a record's part stands on the parameter or on the property.
    private static DeclaredPart Create(string name, Type type, params ICustomAttributeProvider[] sources)
    {
        T? Find<T>() where T : Attribute => sources.SelectMany(source => source.GetCustomAttributes(typeof(T), false)).FirstOrDefault() as T;
        (PartKind kind, Type? structure, int width) = Classify(type);
        BitsAttribute? bits = Find<BitsAttribute>();
        TypeBitAttribute? typeBit = Find<TypeBitAttribute>();
        if (type == typeof(bool) && bits is null && typeBit is null)
            bits = new BitsAttribute();
        return new DeclaredPart
        {
            Name = name,
            Kind = kind,
            Structure = structure,
            Width = bits?.Count ?? Find<UIntAttribute>()?.Bits ?? width,
            VarInt = Find<VarIntAttribute>(),
            Bits = bits,
            TypeBit = typeBit,
            Constant = Find<ConstantAttribute>(),
            Between = Find<BetweenAttribute>(),
            When = Find<WhenAttribute>(),
            Length = Find<LengthAttribute>(),
            LengthPrefix = Find<LengthPrefixAttribute>(),
            LengthFrom = Find<LengthFromAttribute>(),
            CountFrom = Find<CountFromAttribute>(),
            Rest = Find<RestAttribute>() is not null,
        };
    }

    private static (PartKind Kind, Type? Structure, int Width) Classify(Type type)
    {
        if (type == typeof(ReadOnlySpan<byte>))
            return (PartKind.Span, null, 0);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(WireList<>))
            return (PartKind.List, type.GetGenericArguments()[0], 0);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(WireScalarList<>))
            return (PartKind.ScalarList, null, WidthOf(type.GetGenericArguments()[0]));
        return type.IsDefined(typeof(WireFormatAttribute)) ? (PartKind.Nested, type, 0) : (PartKind.Scalar, null, WidthOf(type));
    }

    private static int WidthOf(Type type)
    {
        if (type.IsEnum)
            return WidthOf(Enum.GetUnderlyingType(type));
        if (type.IsDefined(typeof(WireScalarAttribute)))
            return WidthOf(type.GetConstructors().Single(constructor => constructor.GetParameters().Length == 1).GetParameters()[0].ParameterType);
        return type == typeof(bool) ? 1
            : type == typeof(byte) ? 8
            : type == typeof(ushort) ? 16
            : type == typeof(uint) ? 32
            : type == typeof(ulong) ? 64
            : type == typeof(UInt128) ? 128
            : throw new NotSupportedException($"{type} has no width on the wire.");
    }
}
