using Microsoft.CodeAnalysis;

namespace Vpr.Wire.Generator;

/// <summary>What can be wrong with a declaration.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = Error(1, "The type must be partial",
        "'{0}' must be partial, at the top level of its namespace and without type parameters");

    public static readonly DiagnosticDescriptor NotReadOnly = Error(2, "The structure must be readonly",
        "'{0}' must be a readonly record struct or a readonly ref struct");

    public static readonly DiagnosticDescriptor UnsupportedType = Error(3, "The type has no encoding",
        "'{0}' is of type '{1}', which has no encoding on the wire");

    public static readonly DiagnosticDescriptor UnevenBits = Error(4, "Bit fields must end on a whole byte",
        "The bit fields that end with '{0}' take {1} bits; they must end on a whole byte within 64 bits");

    public static readonly DiagnosticDescriptor MisplacedAttribute = Error(5, "The attribute does not apply",
        "'{0}' does not apply to '{1}'");

    public static readonly DiagnosticDescriptor NoLength = Error(6, "The part has no length",
        "'{0}' needs one of Length, LengthPrefix, LengthFrom, CountFrom (lists only) or Rest");

    public static readonly DiagnosticDescriptor SpanOutsideRefStruct = Error(7, "Only a ref struct holds spans",
        "'{0}' is a view of the source; declare '{1}' as a readonly ref partial struct");

    public static readonly DiagnosticDescriptor BadReference = Error(8, "The part referred to is not usable",
        "'{0}' is not an earlier {1} of '{2}' that is always present");

    public static readonly DiagnosticDescriptor ValueDoesNotFit = Error(9, "The value does not fit",
        "{0} does not fit the {1} bits of '{2}'");

    public static readonly DiagnosticDescriptor RestNotLast = Error(10, "What runs to the end of the source must come last",
        "'{0}' runs to the end of the source but '{1}' follows it");

    public static readonly DiagnosticDescriptor NotAFamily = Error(11, "The type is not a family",
        "'{0}' is not a static partial class of this assembly with the WireFamily attribute");

    public static readonly DiagnosticDescriptor DuplicateType = Error(12, "Two members have the same type",
        "'{0}' and '{1}' both have the type 0x{2} in '{3}'");

    public static readonly DiagnosticDescriptor BadFlags = Error(13, "The flags of the type are not consistent",
        "{0} of '{1}': {2}");

    public static readonly DiagnosticDescriptor NotSettable = Error(14, "The part cannot be set",
        "'{0}' needs an init accessor, or the Constant attribute");

    public static readonly DiagnosticDescriptor BadWidth = Error(15, "The width is not possible",
        "{0} bits are not possible for '{1}' of type '{2}'");

    public static readonly DiagnosticDescriptor NoParts = Error(16, "The structure has no part",
        "'{0}' declares nothing on the wire and is not a member of a family");

    public static readonly DiagnosticDescriptor BigEndianOnly = Error(17, "The part has no little-endian form",
        "'{0}' has no little-endian form");

    public static readonly DiagnosticDescriptor BadMethod = Error(18, "The member referred to is not usable",
        "'{0}' has no {1} named '{2}'");

    public static readonly DiagnosticDescriptor FamiliesDiffer = Error(19, "The families of a structure differ",
        "'{0}' must have the same type, flags and envelope in all its families");

    public static readonly DiagnosticDescriptor BadBounds = Error(20, "The bounds are empty",
        "No value of '{0}' lies between {1} and {2}");

    private static DiagnosticDescriptor Error(int id, string title, string message) =>
        new($"VPRW{id:000}", title, message, "Vpr.Wire", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
