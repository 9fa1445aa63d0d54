namespace Vpr.Wire;

/// <summary>Declares the struct's layout on the wire: the generator adds its parser, its writer and its length.</summary>
/// <remarks>
/// <para>
/// Two forms: a <c>readonly partial record struct</c> whose primary constructor parameters are the parts, for plain values, or
/// a <c>readonly ref partial struct</c> whose <c>get; init;</c> properties are the parts, for views that carry spans of the
/// parsed buffer. The order of declaration is the order on the wire. A property that carries none of the layout attributes and
/// is computed (has no <c>init</c> accessor) is not a part.
/// </para>
/// <para>
/// A part without a layout attribute has its type's natural width: byte, ushort, uint, ulong, UInt128, an enum with an unsigned
/// underlying type, a <see cref="WireScalarAttribute"/> type, or another <see cref="WireFormatAttribute"/> struct.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class WireFormatAttribute : Attribute
{
    /// <summary>Whether scalars are little-endian, as in structures shared with the kernel; network byte order otherwise.</summary>
    public bool LittleEndian { get; init; }

    /// <summary>
    /// The name of a <c>bool</c> property of the struct that says whether the parts agree with each other. Parsing fails where
    /// it is false; writing throws.
    /// </summary>
    public string? Valid { get; init; }
}
