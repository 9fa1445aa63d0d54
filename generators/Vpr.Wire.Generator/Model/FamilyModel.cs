namespace Vpr.Wire.Generator.Model;

/// <summary>A family's class, before its members are known.</summary>
/// <param name="Key">Its metadata name, which members refer to it by.</param>
/// <param name="Accessibility">The keyword, for the visitor interface beside it.</param>
internal sealed record FamilyDeclaration(string Key, string Namespace, string Name, string Accessibility, Envelope Envelope);

/// <summary>A member as its family sees it.</summary>
/// <param name="Key">The metadata name of the family.</param>
internal sealed record FamilyMember(string Key, string Namespace, string Name, ulong Type, ulong Flags);

/// <summary>A family with its members in order of their types.</summary>
internal sealed record FamilyModel(FamilyDeclaration Declaration, EquatableArray<FamilyMember> Members);
