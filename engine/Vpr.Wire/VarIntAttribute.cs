namespace Vpr.Wire;

/// <summary>
/// A variable-length integer of one, two, four or eight bytes, on a part of type <c>ulong</c> or of an enum or
/// <see cref="WireScalarAttribute"/> type over <c>ulong</c>. Every length is accepted; the shortest is written.
/// </summary>
/// <remarks>RFC 9000 §16</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class VarIntAttribute : Attribute;
