namespace Vpr.Wire;

/// <summary>
/// Puts a <see cref="WireFormatAttribute"/> struct into a family. Its <c>TryParse</c>, <c>Write</c> and <c>EncodedLength</c> then
/// include the envelope: the type and, where the family has one, the length.
/// </summary>
/// <remarks>A struct may be in several families if its type and their envelopes are the same.</remarks>
/// <param name="family">The class with <see cref="WireFamilyAttribute"/>, of the same assembly.</param>
/// <param name="type">The type's value, with all flags clear; cast an enum member to <c>ulong</c>.</param>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true)]
public sealed class MemberOfAttribute(Type family, ulong type) : Attribute
{
    /// <summary>The family.</summary>
    public Type Family { get; } = family;

    /// <summary>The type's value, with all flags clear.</summary>
    public ulong Type { get; } = type;

    /// <summary>The bits of the type that are flags; each is read by a part with <see cref="TypeBitAttribute"/>.</summary>
    public ulong Flags { get; init; }
}
