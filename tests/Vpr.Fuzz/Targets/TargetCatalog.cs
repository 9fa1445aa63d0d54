using System.Reflection;

namespace Vpr.Fuzz.Targets;

/// <summary>Everything there is to fuzz.</summary>
internal static class TargetCatalog
{
    /// <summary>The declared structures, found in the assembly so that none can be forgotten.</summary>
    public static IReadOnlyList<Type> Structures { get; } =
    [
        .. typeof(WireFormatAttribute).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(WireFormatAttribute)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>The families, found in the assembly.</summary>
    public static IReadOnlyList<Type> Families { get; } =
    [
        .. typeof(WireFamilyAttribute).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(WireFamilyAttribute)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Structures, families, hand-written views, and what the protocols read beyond them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. Structures.Select(ForStructure), .. FamilyTargets.All, .. ViewTargets.All, .. QpackTargets.All, .. MasqueTargets.All, .. OffloadTargets.All, .. TlsTargets.All, .. QuicTargets.All,
    ];

    /// <summary>The members of a family.</summary>
    public static IEnumerable<Type> MembersOf(Type family) =>
        Structures.Where(type => type.GetCustomAttributes<MemberOfAttribute>().Any(member => member.Family == family));

    private static FuzzTarget ForStructure(Type type) =>
        (FuzzTarget)Activator.CreateInstance(typeof(StructureTarget<>).MakeGenericType(type))!;
}
