using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>A member and the place where its type is given.</summary>
internal sealed record MemberPlace(FamilyMember Member, LocationInfo? Location);

/// <summary>Finds members of one family that a dispatcher could not tell apart.</summary>
internal static class DuplicateTypes
{
    public static void Report(SourceProductionContext output, ImmutableArray<MemberPlace> places)
    {
        foreach (IGrouping<string, MemberPlace> family in places.GroupBy(place => place.Member.Key))
        {
            MemberPlace[] members = [.. family.OrderBy(place => place.Member.Type).ThenBy(place => place.Member.Name, StringComparer.Ordinal)];
            for (int second = 1; second < members.Length; second++)
            {
                MemberPlace? first = members.Take(second).FirstOrDefault(earlier => Overlap(earlier.Member, members[second].Member));
                if (first is not null)
                {
                    output.ReportDiagnostic(Diagnostic.Create(Diagnostics.DuplicateType, members[second].Location?.ToLocation(),
                        first.Member.Name, members[second].Member.Name, members[second].Member.Type.ToString("x"), family.Key));
                }
            }
        }
    }

    // Two members collide if some choice of their flags makes the types equal.
    private static bool Overlap(FamilyMember one, FamilyMember other) =>
        ((one.Type ^ other.Type) & ~(one.Flags | other.Flags)) == 0;
}
