using Microsoft.CodeAnalysis;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>Reads a structure's place in a family.</summary>
internal static class MembershipParser
{
    public static Membership? Parse(Declaration declaration, out EquatableArray<string> families)
    {
        Membership? first = null;
        var keys = new List<string>();
        foreach (AttributeData attribute in Annotations.All(declaration.Symbol, "MemberOf"))
        {
            Location? location = Annotations.LocationOf(attribute);
            var family = Annotations.Argument(attribute, 0) as INamedTypeSymbol;
            if (family is null || FamilyParser.EnvelopeOf(family) is not { } envelope
                || !SymbolEqualityComparer.Default.Equals(family.ContainingAssembly, declaration.Symbol.ContainingAssembly))
            {
                declaration.Report(Diagnostics.NotAFamily, location, family?.Name ?? "null");
                continue;
            }
            var membership = new Membership(declaration.NameOf(family), envelope,
                Annotations.ToNumber(Annotations.Argument(attribute, 1)), Annotations.ToNumber(Annotations.Named(attribute, "Flags")));
            CheckType(declaration, membership, location);
            if (first is not null && membership with { Family = first.Family } != first)
                declaration.Report(Diagnostics.FamiliesDiffer, location, declaration.Symbol.Name);
            first ??= membership;
            keys.Add(family.ToDisplayString());
        }
        families = keys.ToEquatableArray();
        return first;
    }

    /// <summary>Each flag of the type must be read by exactly one part, and each such part must be one of the flags.</summary>
    public static void CheckFlags(Declaration declaration, Membership membership, List<Part> parts)
    {
        ulong read = 0;
        foreach (ScalarPart part in parts.OfType<ScalarPart>().Where(part => part.Encoding == ScalarEncoding.TypeBit))
        {
            bool isOneBit = part.Mask != 0 && (part.Mask & (part.Mask - 1)) == 0;
            if (!isOneBit || (part.Mask & membership.Flags) == 0 || (part.Mask & read) != 0)
                declaration.Report(Diagnostics.BadFlags, declaration.Location, Hex(part.Mask), part.Name, "a TypeBit is one of the type's Flags, and no two parts share it");
            read |= part.Mask;
        }
        if ((membership.Flags & ~read) != 0)
            declaration.Report(Diagnostics.BadFlags, declaration.Location, Hex(membership.Flags & ~read), declaration.Symbol.Name, "no TypeBit reads this flag");
    }

    private static void CheckType(Declaration declaration, Membership membership, Location? location)
    {
        (Envelope envelope, ulong type, ulong flags) = (membership.Envelope, membership.Type, membership.Flags);
        int bits = envelope.Type switch { TypeEncoding.UInt8 => 8, TypeEncoding.UInt16 => 16, TypeEncoding.VarInt => 62, _ => 64 };
        if (bits < 64 && (type | flags) >> bits != 0)
            declaration.Report(Diagnostics.ValueDoesNotFit, location, Hex(type | flags), bits.ToString(), declaration.Symbol.Name);
        else if ((type & flags) != 0)
            declaration.Report(Diagnostics.BadFlags, location, Hex(type & flags), declaration.Symbol.Name, "the type is given with all flags clear");
        else if (envelope.IsExternal && flags != 0)
            declaration.Report(Diagnostics.BadFlags, location, Hex(flags), declaration.Symbol.Name, "a type kept elsewhere has no flags");
        else if (envelope.TypeBytes(type) != envelope.TypeBytes(type | flags))
            declaration.Report(Diagnostics.BadFlags, location, Hex(flags), declaration.Symbol.Name, "the flags change the length of the type");
    }

    private static string Hex(ulong value) => $"0x{value:x}";
}
